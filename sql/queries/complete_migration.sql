-- Notes that a migration is complete.
-- Parameters: version.
UPDATE expireimage_migration SET completed = NOW() WHERE version = ?
