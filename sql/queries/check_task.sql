-- Changes the row of a task if it is still ours; it is locked until the transaction ends, so that nobody takes it over
-- meanwhile.
-- Parameters: task id, our fence.
UPDATE expireimage_task SET checks = checks + 1 WHERE id = ? AND fence = ? AND status = 'processing'
