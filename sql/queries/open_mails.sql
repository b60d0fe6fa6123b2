-- Mails that were not delivered: id, owner, status, message id, who gets it.
-- No parameters.
SELECT id, owner_id, status, message_id, recipient FROM expireimage_mail
WHERE status IN ('composing', 'pending', 'deferred', 'unknown') ORDER BY id
