-- Adds one session of a block allocation.
-- Parameters: blockRequestid, start, end, skip.
INSERT INTO `blockTimes` (`blockRequestid`, `start`, `end`, `processed`, `skip`) VALUES (?, ?, ?, 0, ?)
