-- Flags a live image.
-- Parameters: image id.
UPDATE image SET deleted = 1 WHERE id = ? AND deleted = 0
