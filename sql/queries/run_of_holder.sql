-- The run of a process that holds the lease: the newest one, if it is that process's and has not ended.
-- Parameters: node, pid.
SELECT id FROM expireimage_run
WHERE id = (SELECT MAX(x.id) FROM expireimage_run x) AND finished IS NULL AND node = ? AND pid = ?
