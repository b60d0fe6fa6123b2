-- Flags a live revision that still has the date we know; the date stays on the row.
-- Parameters: date and time of deletion, revision id, known date.
UPDATE imagerevision SET deleted = 1, datedeleted = ? WHERE id = ? AND deleted = 0 AND expiredate = ?
