-- Ends a task that is still as it was read.
-- Parameters: status, message, result, days that it stays on record (NULL: for good), deleted, task id, fence.
UPDATE expireimage_task
SET status = ?, message = ?, result = ?, updated = NOW(), ended = NOW(), expires = NOW() + INTERVAL ? DAY,
  deleted = IF(?, NOW(), NULL), checks = checks + 1
WHERE id = ? AND fence = ? AND status IN ('pending', 'processing')
