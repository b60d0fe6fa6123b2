-- Gives a lock to a task.
-- Parameters: the new fence, task id, scope.
UPDATE expireimage_lock SET fence = ?, task_id = ? WHERE scope = ?
