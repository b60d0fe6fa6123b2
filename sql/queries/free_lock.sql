-- Frees the lock of a task, if it is still the task's.
-- Parameters: task id.
UPDATE expireimage_lock l
JOIN expireimage_task t ON t.id = l.task_id AND t.scope = l.scope
SET l.task_id = NULL
WHERE t.id = ?
