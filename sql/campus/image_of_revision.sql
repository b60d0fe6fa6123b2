-- The image of a revision: imageid.
-- Parameters: revision id.
SELECT `imageid` FROM `imagerevision` WHERE `id` = ?
