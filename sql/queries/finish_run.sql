-- Ends a run.
-- Parameters: finished, exit status, summary, run id.
UPDATE expireimage_run SET finished = ?, exit_status = ?, summary = ? WHERE id = ?
