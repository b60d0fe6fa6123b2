-- The newest day that a run decided for. A run that distrusted its data or its settings decided nothing: one night with
-- a wrong clock must not stop all nights up to that day.
-- No parameters.
SELECT MAX(day) FROM expireimage_run WHERE exit_status IS NULL OR exit_status NOT IN (4, 5)
