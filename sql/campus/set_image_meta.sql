-- Ties an image to its imagemeta row.
-- Parameters: imagemetaid, image id.
UPDATE `image` SET `imagemetaid` = ? WHERE `id` = ?
