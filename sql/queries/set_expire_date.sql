-- Sets or clears the expire date of a live revision that still has the date we know; a zero date is none.
-- By the primary key, which is locked already: the optimizer may prefer the index on the date, where others' rows lie.
-- Parameters: new date, revision id, known date.
UPDATE imagerevision FORCE INDEX (PRIMARY) SET expiredate = ? WHERE id = ? AND deleted = 0 AND NULLIF(expiredate, '0000-00-00') <=> ?
