-- Adds a block allocation.
-- Parameters: name, imageid, ownerid, expireTime, status.
INSERT INTO `blockRequest`
  (`name`, `imageid`, `numMachines`, `groupid`, `repeating`, `ownerid`, `managementnodeid`, `expireTime`, `processing`,
   `status`, `comments`)
VALUES (?, ?, 20, NULL, 'list', ?, NULL, ?, 0, ?, NULL)
