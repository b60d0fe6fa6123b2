-- Who flagged a revision: whether it and its image are flagged, its time of deletion, the newest event about its flag
-- (kind, time of deletion, whole image, run), and the production revision that was deleted with it and whose files are
-- gone.
-- Whoever removes the files of a flagged revision records an event 'purge': then the newest event is no flag any more.
-- Parameters: revision id.
SELECT r.deleted, i.deleted, r.datedeleted, e.kind, e.datedeleted, e.whole_image, e.run_id,
  (
    SELECT MAX(p.id) FROM imagerevision p
    JOIN expireimage_event x ON x.revision_id = p.id AND x.kind = 'purge' AND x.datedeleted = p.datedeleted
    WHERE p.imageid = i.id AND p.production = 1 AND p.deleted = 1 AND p.datedeleted = r.datedeleted
  )
FROM imagerevision r
JOIN image i ON i.id = r.imageid
LEFT JOIN expireimage_event e ON e.id = (
  SELECT MAX(x.id) FROM expireimage_event x
  WHERE x.revision_id = r.id AND x.kind IN ('flag', 'restore', 'undelete', 'purge')
)
WHERE r.id = ?
