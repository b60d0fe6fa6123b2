-- Drops the table of migrations.
-- No parameters.
DROP TABLE IF EXISTS expireimage_migration
