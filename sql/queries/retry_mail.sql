-- Makes the next try of an undelivered mail due now, with a new lifetime, unless a deliverer has it.
-- Parameters: mail id.
UPDATE expireimage_mail SET status = 'pending', next_try_at = NULL, first_tried_at = NULL
WHERE id = ? AND status IN ('pending', 'deferred', 'unknown', 'failed', 'bounced')
  AND (claimed_until IS NULL OR claimed_until <= NOW())
