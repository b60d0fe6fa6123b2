-- Completes a mail, so that it can be delivered.
-- Parameters: sender, recipients, blind recipients, subject, message id, first tried at, mail id.
UPDATE expireimage_mail
SET status = 'pending', sender = ?, recipients = ?, blind_recipients = ?, subject = ?, message_id = ?, first_tried_at = ?
WHERE id = ? AND status = 'composing'
