-- Forgets a root.
-- Parameters: root id.
DELETE FROM expireimage_root WHERE id = ?
