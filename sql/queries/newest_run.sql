-- The newest run on a real day: id, day, mode, started, finished, exit status, seconds since it started.
-- No parameters.
SELECT id, day, mode, started, finished, exit_status, TIMESTAMPDIFF(SECOND, started, NOW())
FROM expireimage_run WHERE simulated = 0 ORDER BY id DESC LIMIT 1
