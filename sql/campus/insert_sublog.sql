-- Adds one image revision to a logged reservation.
-- Parameters: logid, imageid, imagerevisionid, computerid, managementnodeid.
INSERT INTO `sublog`
  (`logid`, `imageid`, `imagerevisionid`, `computerid`, `IPaddress`, `managementnodeid`, `predictivemoduleid`,
   `hostcomputerid`, `blockRequestid`, `blockStart`, `blockEnd`)
VALUES (?, ?, ?, ?, NULL, ?, 8, NULL, NULL, NULL, NULL)
