-- Adds a change of a logged reservation.
-- Parameters: logid, start, end, timestamp, other.
INSERT INTO `changelog`
  (`logid`, `userid`, `reservationid`, `start`, `end`, `computerid`, `remoteIP`, `wasavailable`, `timestamp`, `other`)
VALUES (?, NULL, NULL, ?, ?, NULL, NULL, NULL, ?, ?)
