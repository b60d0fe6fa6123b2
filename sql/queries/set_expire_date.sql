-- Sets or clears the expire date of a live revision that still has the date we know; a zero date is none.
-- Parameters: new date, revision id, known date.
UPDATE imagerevision SET expiredate = ? WHERE id = ? AND deleted = 0 AND NULLIF(expiredate, '0000-00-00') <=> ?
