-- Mails to owners that were not delivered: the next run replaces them. Id, owner, status, message id.
-- No parameters.
SELECT id, owner_id, status, message_id FROM expireimage_mail
WHERE status IN ('composing', 'pending', 'deferred', 'unknown') ORDER BY id
