-- Adds to the log of a task.
-- Parameters: task id, level, line.
INSERT INTO expireimage_tasklog (task_id, logged, level, line) VALUES (?, NOW(), ?, ?)
