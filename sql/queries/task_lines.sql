-- The log of a task: id, when, level, line.
-- Parameters: task id, the last id that is known.
SELECT id, logged, level, line FROM expireimage_tasklog WHERE task_id = ? AND id > ? ORDER BY id
