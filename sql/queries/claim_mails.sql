-- Claims a range of mails, every one of which the transaction has locked.
-- Parameters: claim, seconds, first mail id, last mail id.
UPDATE expireimage_mail SET claim = ?, claimed_until = NOW() + INTERVAL ? SECOND WHERE id BETWEEN ? AND ?
