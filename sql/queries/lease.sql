-- The run lease and whether its time is over.
-- No parameters.
SELECT fence, node, pid, process_start, boot_id, node IS NULL OR expires IS NULL OR expires <= NOW()
FROM expireimage_lease WHERE id = 1
