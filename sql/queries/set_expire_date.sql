-- Sets or clears the expire date of a live revision that still has the date we know.
-- Parameters: new date, revision id, known date.
UPDATE imagerevision SET expiredate = ? WHERE id = ? AND deleted = 0 AND expiredate <=> ?
