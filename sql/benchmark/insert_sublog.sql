-- Adds a reservation's sublog row.
-- Parameters: id, log id, image id, revision id.
INSERT INTO sublog (id, logid, imageid, imagerevisionid, computerid, IPaddress, managementnodeid, predictivemoduleid,
  hostcomputerid, blockRequestid, blockStart, blockEnd)
VALUES (?, ?, ?, ?, 1, NULL, 1, 8, NULL, NULL, NULL, NULL)
