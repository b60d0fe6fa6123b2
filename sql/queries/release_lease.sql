-- Frees the lease of a holder that still has it.
-- Parameters: its fence.
UPDATE expireimage_lease SET node = NULL, pid = NULL, process_start = NULL, boot_id = NULL, expires = NULL
WHERE id = 1 AND fence = ?
