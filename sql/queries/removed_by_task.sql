-- What a task took off the disks: entries, files, apparent, allocated and freed bytes.
-- Parameters: task id.
SELECT CAST(COALESCE(SUM(entries), 0) AS SIGNED), CAST(COALESCE(SUM(files), 0) AS SIGNED),
  CAST(COALESCE(SUM(apparent_bytes), 0) AS SIGNED), CAST(COALESCE(SUM(allocated_bytes), 0) AS SIGNED),
  CAST(COALESCE(SUM(freed_bytes), 0) AS SIGNED)
FROM expireimage_removal WHERE task_id = ?
