-- Makes a revision the production one of its image, or takes that away.
-- Parameters: production (0 or 1), revision id.
UPDATE `imagerevision` SET `production` = ? WHERE `id` = ?
