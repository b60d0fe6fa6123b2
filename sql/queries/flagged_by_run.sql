-- The revisions that a run flagged, and whether they are flagged still.
-- Parameters: run id.
SELECT e.revision_id, COALESCE(r.deleted, 0)
FROM expireimage_event e
LEFT JOIN imagerevision r ON r.id = e.revision_id
WHERE e.run_id = ? AND e.kind = 'flag'
ORDER BY e.revision_id
