-- Renews the lease of a holder that still has it.
-- Parameters: seconds, its fence.
UPDATE expireimage_lease SET expires = NOW() + INTERVAL ? SECOND WHERE id = 1 AND fence = ? AND node IS NOT NULL
