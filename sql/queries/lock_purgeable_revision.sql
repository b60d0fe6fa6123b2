-- A revision whose files may go, locked until the transaction ends, so that no reservation of it is made meanwhile: its
-- expire date. No row when it was restored or rescued, or somebody holds its lock.
-- Parameters: revision id, imagename, time of deletion.
SELECT r.expiredate
FROM imagerevision r
WHERE r.id = ? AND r.imagename = CONVERT(? USING latin1) AND r.deleted = 1 AND r.datedeleted = ? AND r.expiredate > '0000-00-00'
FOR UPDATE SKIP LOCKED
