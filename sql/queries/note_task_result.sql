-- Writes down what a task that is still ours has come to, before it ends.
-- Parameters: result, task id, our fence.
UPDATE expireimage_task SET checks = checks + 1, updated = NOW(), result = ? WHERE id = ? AND fence = ? AND status = 'processing'
