-- Gives back a mail that was claimed and not tried.
-- Parameters: mail id, claim.
UPDATE expireimage_mail SET claim = NULL, claimed_until = NULL WHERE id = ? AND claim = ?
