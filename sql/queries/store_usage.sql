-- Stores the last use of one revision.
-- Parameters: revision id, last use.
INSERT INTO expireimage_usage (revision_id, last_use) VALUES (?, ?)
ON DUPLICATE KEY UPDATE last_use = VALUES(last_use)
