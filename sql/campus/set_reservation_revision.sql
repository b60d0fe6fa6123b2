-- Moves a reservation to another revision of its image, as a reinstall does.
-- Parameters: imagerevisionid, reservation id.
UPDATE `reservation` SET `imagerevisionid` = ? WHERE `id` = ?
