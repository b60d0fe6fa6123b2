-- Adds a reservation's log row.
-- Parameters: id, user id, start, end, final end, ending, image id.
INSERT INTO log (id, userid, nowfuture, start, loaded, initialend, finalend, wasavailable, ending, requestid,
  computerid, remoteIP, imageid, size)
VALUES (?, ?, 'now', ?, NULL, ?, ?, 1, ?, NULL, NULL, NULL, ?, 1450)
