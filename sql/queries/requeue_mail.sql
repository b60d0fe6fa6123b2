-- Takes an undelivered mail over into another run, to be delivered as it is.
-- Parameters: run id, mail id.
UPDATE expireimage_mail SET status = 'pending', run_id = ?
WHERE id = ? AND status IN ('pending', 'deferred', 'unknown')
