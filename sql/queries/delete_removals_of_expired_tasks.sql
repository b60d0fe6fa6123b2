-- Throws away what expired tasks removed.
-- No parameters.
DELETE m FROM expireimage_removal m JOIN expireimage_task t ON t.id = m.task_id WHERE t.expires <= NOW() AND t.ended IS NOT NULL
