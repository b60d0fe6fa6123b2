-- The mails of a run that wait for delivery.
-- Parameters: run id.
SELECT id, sender, recipients, blind_recipients, message, owner_id, recipient FROM expireimage_mail
WHERE run_id = ? AND status = 'pending' ORDER BY id
