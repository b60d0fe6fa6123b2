-- The newest day that a run decided for.
-- No parameters.
SELECT MAX(day) FROM expireimage_run
