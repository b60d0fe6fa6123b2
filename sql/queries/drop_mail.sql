-- Gives up an undelivered mail, unless a deliverer has it: nobody has been told by it.
-- Parameters: mail id.
UPDATE expireimage_mail SET status = 'dropped'
WHERE id = ? AND status IN ('pending', 'deferred', 'unknown', 'failed', 'bounced')
  AND (claimed_until IS NULL OR claimed_until <= NOW())
