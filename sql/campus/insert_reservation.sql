-- Adds a revision to a request.
-- Parameters: requestid, computerid, imageid, imagerevisionid, managementnodeid.
INSERT INTO `reservation`
  (`requestid`, `computerid`, `imageid`, `imagerevisionid`, `managementnodeid`, `remoteIP`, `lastcheck`, `pw`,
   `connectIP`, `connectport`)
VALUES (?, ?, ?, ?, ?, NULL, '0000-00-00 00:00:00', NULL, NULL, NULL)
