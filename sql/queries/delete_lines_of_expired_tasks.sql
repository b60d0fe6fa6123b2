-- Throws the logs of expired tasks away.
-- Parameters: now.
DELETE g FROM expireimage_tasklog g JOIN expireimage_task t ON t.id = g.task_id WHERE t.expires <= ? AND t.ended IS NOT NULL
