-- Adds a request.
-- Parameters: stateid, userid, laststateid, logid, forimaging, start, end, daterequested.
INSERT INTO `request`
  (`stateid`, `userid`, `laststateid`, `logid`, `forimaging`, `test`, `preload`, `start`, `end`, `daterequested`,
   `datemodified`, `checkuser`)
VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, ?, NULL, 1)
