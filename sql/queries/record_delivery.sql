-- Records what came of an attempt to deliver a mail.
-- Parameters: status, tried at, accepted on, reply code, reply, mail id.
UPDATE expireimage_mail
SET status = ?, attempts = attempts + 1, tried_at = ?, accepted_on = ?, reply_code = ?, reply = ?
WHERE id = ? AND status = 'pending'
