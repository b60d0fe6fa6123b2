-- A sign of life of a task that is still ours.
-- Parameters: task id, our fence.
UPDATE expireimage_task SET checks = checks + 1, updated = NOW() WHERE id = ? AND fence = ? AND status = 'processing'
