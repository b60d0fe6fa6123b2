-- The revisions whose date was reset by a person who recorded that, with a protection of its own, while the program's
-- record of the date is as it was: the newest event about the date is no run's.
-- No parameters.
SELECT k.revision_id
FROM expireimage_mark k
JOIN expireimage_event e ON e.id = (
  SELECT MAX(x.id) FROM expireimage_event x
  WHERE x.revision_id = k.revision_id AND x.kind IN ('mark', 'adopt', 'redate', 'unmark')
)
WHERE e.kind = 'unmark' AND e.run_id IS NULL
