-- Begins a mail; it is composed when the owner's changes are all written.
-- Parameters: run id, owner id, recipient, queued on, queued at.
INSERT INTO expireimage_mail (run_id, owner_id, recipient, status, sender, recipients, blind_recipients, subject,
  message_id, queued_on, queued_at, attempts, tried_at, accepted_on, reply_code, reply)
VALUES (?, ?, ?, 'composing', '', '', '', '', '', ?, ?, 0, NULL, NULL, NULL, NULL)
