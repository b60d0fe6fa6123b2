-- A revision whose files may go, locked until the transaction ends, so that no reservation of it is made meanwhile: its
-- image id, expire date, time of deletion, and whether its purge is on record already. No row when it was restored or rescued, or somebody holds its lock.
-- Parameters: revision id, imagename, time of deletion.
SELECT r.imageid, r.expiredate, r.datedeleted,
  EXISTS (
    SELECT 1 FROM expireimage_event p
    WHERE p.revision_id = r.id AND p.kind = 'purge' AND p.datedeleted = r.datedeleted
  )
FROM imagerevision r
WHERE r.id = ? AND r.imagename = CONVERT(? USING latin1) AND r.deleted = 1 AND r.datedeleted = ? AND r.expiredate > '0000-00-00'
FOR UPDATE SKIP LOCKED
