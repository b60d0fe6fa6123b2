-- Adds a semaphore: a reservation is being made this very minute.
-- Parameters: computerid, imageid, imagerevisionid, managementnodeid, expires, procid.
INSERT INTO `semaphore` (`computerid`, `imageid`, `imagerevisionid`, `managementnodeid`, `expires`, `procid`)
VALUES (?, ?, ?, ?, ?, ?)
