-- Takes back a flag that is still as we left it.
-- Parameters: revision id, its date and time of deletion.
UPDATE imagerevision SET deleted = 0, datedeleted = NULL, expiredate = NULL
WHERE id = ? AND deleted = 1 AND datedeleted = ?
