-- How far a task is that is still ours.
-- Parameters: bytes done, bytes in all, message, task id, our fence.
UPDATE expireimage_task SET checks = checks + 1, updated = NOW(), bytes_done = ?, bytes_total = ?, message = ?
WHERE id = ? AND fence = ? AND status = 'processing'
