-- Takes back the flag of an image.
-- Parameters: image id.
UPDATE image SET deleted = 0 WHERE id = ? AND deleted = 1
