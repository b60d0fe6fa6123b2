-- Adds a change of a reservation.
-- Parameters: log id, timestamp.
INSERT INTO changelog (logid, userid, reservationid, start, end, computerid, remoteIP, wasavailable, timestamp, other)
VALUES (?, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ?, NULL)
