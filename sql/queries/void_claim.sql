-- Voids the claims of a deliverer that is dead.
-- Parameters: claim.
UPDATE expireimage_mail SET claim = NULL, claimed_until = NULL
WHERE status IN ('pending', 'deferred', 'unknown') AND claim = ?
