-- An image, locked until the transaction ends; no row when somebody else holds its lock.
-- Parameters: image id.
SELECT deleted, ownerid FROM image WHERE id = ? FOR UPDATE SKIP LOCKED
