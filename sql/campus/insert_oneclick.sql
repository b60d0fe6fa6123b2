-- Adds a OneClick link.
-- Parameters: userid, imageid, name, status.
INSERT INTO `oneclick` (`userid`, `imageid`, `name`, `duration`, `autologin`, `status`) VALUES (?, ?, ?, 240, 0, ?)
