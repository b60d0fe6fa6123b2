-- Deletes an image, or brings it back.
-- Parameters: deleted (0 or 1), image id.
UPDATE `image` SET `deleted` = ? WHERE `id` = ?
