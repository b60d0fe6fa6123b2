-- Takes the lease with the next fence number, if nobody took it since its fence was read.
-- Parameters: node, pid, process start, boot id, seconds, the fence that was read.
UPDATE expireimage_lease
SET fence = fence + 1, node = ?, pid = ?, process_start = ?, boot_id = ?, expires = NOW() + INTERVAL ? SECOND
WHERE id = 1 AND fence = ?
