-- Flags a live revision that still has the date we know; the date stays on the row.
-- By the primary key, which is locked already: the optimizer may prefer the index on the date, where others' rows lie.
-- Parameters: date and time of deletion, revision id, known date.
UPDATE imagerevision FORCE INDEX (PRIMARY) SET deleted = 1, datedeleted = ? WHERE id = ? AND deleted = 0 AND expiredate = ?
