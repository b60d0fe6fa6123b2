-- Throws away what expired tasks removed.
-- Parameters: now.
DELETE m FROM expireimage_removal m JOIN expireimage_task t ON t.id = m.task_id WHERE t.expires <= ? AND t.ended IS NOT NULL
