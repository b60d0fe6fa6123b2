-- Revisions that the triggers take for expiring and that have no date, or are gone: most of them a trigger has cleared.
-- No parameters.
SELECT e.revision_id
FROM expireimage_expiring e
LEFT JOIN imagerevision r ON r.id = e.revision_id AND r.expiredate > '0000-00-00'
WHERE r.id IS NULL
ORDER BY e.revision_id
