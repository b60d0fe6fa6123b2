-- A mail that was accepted did arrive nowhere: it counts as not told.
-- Parameters: text, mail id.
UPDATE expireimage_mail SET status = 'bounced', accepted_on = NULL, next_try_at = NULL, reply = ?
WHERE id = ? AND status IN ('accepted', 'unknown')
