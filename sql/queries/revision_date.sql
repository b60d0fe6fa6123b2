-- A revision's expire date, locked until the transaction ends; no row when it is gone.
-- Parameters: revision id.
SELECT expiredate > '0000-00-00' FROM imagerevision WHERE id = ? FOR UPDATE NOWAIT
