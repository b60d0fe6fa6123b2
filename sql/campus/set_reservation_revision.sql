-- Moves the reservation of a request to another revision, as a reinstall does.
-- Parameters: imageid, imagerevisionid, requestid.
UPDATE `reservation` SET `imageid` = ?, `imagerevisionid` = ? WHERE `requestid` = ?
