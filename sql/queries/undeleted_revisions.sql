-- Live revisions whose newest flag is ours: somebody else took it back.
-- No parameters.
SELECT e.revision_id
FROM expireimage_event e
JOIN (
  SELECT MAX(id) AS id FROM expireimage_event WHERE kind IN ('flag', 'restore', 'undelete') GROUP BY revision_id
) newest ON newest.id = e.id
JOIN imagerevision r ON r.id = e.revision_id AND r.deleted = 0
WHERE e.kind = 'flag'
