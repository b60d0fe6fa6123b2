-- Who flagged a revision: whether it and its image are flagged, its time of deletion, the newest event about its flag
-- (kind, time of deletion, whole image, run, when), and how many production revisions its image has that are live or were
-- deleted with it.
-- Whoever removes the files of a flagged revision records an event 'purge': then the newest event is no flag any more.
-- Parameters: revision id.
SELECT r.deleted, i.deleted, r.datedeleted, e.kind, e.datedeleted, e.whole_image, e.run_id, e.happened,
  (
    SELECT COUNT(*) FROM imagerevision p
    WHERE p.imageid = i.id AND p.production = 1 AND (p.deleted = 0 OR p.datedeleted = r.datedeleted)
  )
FROM imagerevision r
JOIN image i ON i.id = r.imageid
LEFT JOIN expireimage_event e ON e.id = (
  SELECT MAX(x.id) FROM expireimage_event x
  WHERE x.revision_id = r.id AND x.kind IN ('flag', 'restore', 'undelete', 'purge')
)
WHERE r.id = ?
