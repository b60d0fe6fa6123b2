-- Throws expired tasks away, but no upload whose cleanup has not ended: that tells whether it is tried again.
-- Parameters: now.
DELETE t FROM expireimage_task t
LEFT JOIN (
  SELECT DISTINCT x.parent_id FROM expireimage_task x
  WHERE x.type = 'cleanup' AND x.status IN ('pending', 'processing')
) c ON c.parent_id = t.id
WHERE t.expires <= ? AND t.ended IS NOT NULL AND c.parent_id IS NULL
