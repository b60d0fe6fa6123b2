-- A revision, locked until the transaction ends: no reservation of it can be made meanwhile. No row when it is gone or
-- somebody else holds its lock; we never wait for VCL.
-- Parameters: revision id.
SELECT r.deleted, r.production, r.expiredate, r.datedeleted, r.imageid
FROM imagerevision r WHERE r.id = ? FOR UPDATE SKIP LOCKED
