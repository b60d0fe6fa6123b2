-- Claims a mail that the transaction has locked.
-- Parameters: claim, seconds, mail id.
UPDATE expireimage_mail SET claim = ?, claimed_until = NOW() + INTERVAL ? SECOND WHERE id = ?
