-- Gives a computer to a session of a block allocation.
-- Parameters: blockTimeid, computerid, imageid, reloadrequestid.
INSERT INTO `blockComputers` (`blockTimeid`, `computerid`, `imageid`, `reloadrequestid`) VALUES (?, ?, ?, ?)
