-- The lease and whether a run has it now; locked until the transaction ends, so that none takes it meanwhile.
-- No parameters.
SELECT fence, node, pid, process_start, boot_id, node IS NOT NULL AND expires > NOW()
FROM expireimage_lease WHERE id = 1 FOR UPDATE
