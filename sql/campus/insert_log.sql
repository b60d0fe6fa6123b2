-- Adds a reservation to the log.
-- Parameters: id (NULL: the next), userid, nowfuture, start, loaded, initialend, finalend, ending, computerid, imageid.
INSERT INTO `log`
  (`id`, `userid`, `nowfuture`, `start`, `loaded`, `initialend`, `finalend`, `wasavailable`, `ending`, `requestid`,
   `computerid`, `remoteIP`, `imageid`, `size`)
VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, NULL, ?, NULL, ?, 1450)
