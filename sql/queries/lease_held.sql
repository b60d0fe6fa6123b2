-- One row if the lease is still ours; locked until the transaction ends, so that nobody takes it meanwhile.
-- Parameters: our fence.
SELECT 1 FROM expireimage_lease WHERE id = 1 AND fence = ? AND node IS NOT NULL LOCK IN SHARE MODE
