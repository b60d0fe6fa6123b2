-- Mails to owners that were not delivered: id, owner, status, message id, who gets it, when it was first tried.
-- No parameters.
SELECT id, owner_id, status, message_id, recipient, first_tried_at FROM expireimage_mail
WHERE status IN ('composing', 'pending', 'deferred', 'unknown') AND recipient <> 'summary' ORDER BY id
