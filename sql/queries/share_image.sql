-- An image that nobody can change until the transaction ends, though it can be reserved: a reservation that waited for it
-- would hold the revision. No row when somebody else holds its lock.
-- Parameters: image id.
SELECT deleted, ownerid FROM image WHERE id = ? LOCK IN SHARE MODE SKIP LOCKED
