-- Notes that a migration was taken back.
-- Parameters: version.
DELETE FROM expireimage_migration WHERE version = ?
