-- Whether a revision has an expire date; locked until the transaction ends. No row when it is gone.
-- Parameters: revision id.
SELECT COALESCE(expiredate > '0000-00-00', 0) FROM imagerevision WHERE id = ? FOR UPDATE NOWAIT
