-- Renews the lease of a holder that still has it; changes its row even when it was renewed in the same second.
-- Parameters: seconds, its fence.
UPDATE expireimage_lease SET checks = checks + 1, expires = NOW() + INTERVAL ? SECOND
WHERE id = 1 AND fence = ? AND node IS NOT NULL
