-- Throws the logs away of tasks that `delete_expired_tasks` throws away.
-- Parameters: now.
DELETE g FROM expireimage_tasklog g
JOIN expireimage_task t ON t.id = g.task_id
LEFT JOIN (
  SELECT DISTINCT x.parent_id FROM expireimage_task x
  WHERE x.type = 'cleanup' AND x.status IN ('pending', 'processing')
) c ON c.parent_id = t.id
WHERE t.expires <= ? AND t.ended IS NOT NULL AND c.parent_id IS NULL
