-- Changes the lease's row if it is still ours; it is locked until the transaction ends, so that nobody takes the lease
-- meanwhile. A lock alone would not do: the nodes of a Galera cluster know nothing of each other's locks, and compare
-- the rows that were changed.
-- Parameters: our fence.
UPDATE expireimage_lease SET checks = checks + 1 WHERE id = 1 AND fence = ? AND node IS NOT NULL
