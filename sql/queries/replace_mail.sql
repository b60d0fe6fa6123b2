-- Withdraws an undelivered mail because a newer one says it all.
-- Parameters: mail id.
UPDATE expireimage_mail SET status = 'replaced'
WHERE id = ? AND status IN ('composing', 'pending', 'deferred', 'unknown')
