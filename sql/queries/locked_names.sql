-- The image names that tasks have locked.
-- No parameters.
SELECT t.image_name
FROM expireimage_lock l
JOIN expireimage_task t ON t.id = l.task_id AND t.status IN ('pending', 'processing')
WHERE t.image_name IS NOT NULL AND l.scope = CONCAT('name:', t.image_name)
