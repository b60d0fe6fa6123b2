-- Marks whose revision somebody else flagged or removed: revision, image (0 when gone), date.
-- No parameters.
SELECT k.revision_id, COALESCE(r.imageid, 0), k.expiredate
FROM expireimage_mark k
LEFT JOIN imagerevision r ON r.id = k.revision_id
WHERE r.id IS NULL OR r.deleted = 1
