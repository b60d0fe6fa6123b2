-- Changes the lease's row while it is locked, so that no other node of a Galera cluster lets anybody take it meanwhile.
-- No parameters.
UPDATE expireimage_lease SET checks = checks + 1 WHERE id = 1
