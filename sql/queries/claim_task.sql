-- Begins a pending task.
-- Parameters: fence, worker, pid, process start, boot id, task id, the fence that was read.
UPDATE expireimage_task
SET status = 'processing', fence = ?, updated = NOW(), attempts = attempts + 1, worker = ?, pid = ?, process_start = ?,
  boot_id = ?, checks = checks + 1
WHERE id = ? AND fence = ? AND status IN ('pending', 'processing')
