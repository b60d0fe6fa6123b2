-- A revision whose files may go, locked until the transaction ends, so that no reservation of it is made meanwhile: its
-- image id, expire date and time of deletion. No row when it was restored or rescued, or somebody holds its lock.
-- Parameters: revision id, imagename, time of deletion.
SELECT r.imageid, r.expiredate, r.datedeleted
FROM imagerevision r
WHERE r.id = ? AND r.imagename = CONVERT(? USING latin1) AND r.deleted = 1 AND r.datedeleted = ? AND r.expiredate IS NOT NULL
FOR UPDATE SKIP LOCKED
