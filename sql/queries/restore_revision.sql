-- Takes back a flag that is still as we left it, unless files were removed since.
-- By the primary key, which is locked already: the optimizer may prefer the index on the date, where others' rows lie.
-- Parameters: revision id, its date and time of deletion.
UPDATE imagerevision FORCE INDEX (PRIMARY) SET deleted = 0, datedeleted = NULL, expiredate = NULL
WHERE id = ? AND deleted = 1 AND datedeleted = ?
  AND NOT EXISTS (
    SELECT 1 FROM expireimage_event p
    WHERE p.revision_id = imagerevision.id AND p.kind = 'purge' AND p.datedeleted = imagerevision.datedeleted
  )
