-- Renews all claims of a deliverer.
-- Parameters: seconds, claim.
UPDATE expireimage_mail SET claimed_until = NOW() + INTERVAL ? SECOND
WHERE status IN ('pending', 'deferred', 'unknown') AND claim = ?
