-- One row where the migrations table exists.
-- No parameters.
SELECT 1 FROM information_schema.TABLES
WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'expireimage_migration'
