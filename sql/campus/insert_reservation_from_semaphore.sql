-- Adds to a request what its semaphores hold, as the frontend does: one reservation for each.
-- Parameters: requestid, procid.
INSERT INTO `reservation`
  (`requestid`, `computerid`, `imageid`, `imagerevisionid`, `managementnodeid`, `remoteIP`, `lastcheck`, `pw`,
   `connectIP`, `connectport`)
SELECT ?, `computerid`, `imageid`, `imagerevisionid`, `managementnodeid`, NULL, '0000-00-00 00:00:00', NULL, NULL, NULL
FROM `semaphore` WHERE `procid` = ?
