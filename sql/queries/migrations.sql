-- The migrations that this database has seen: version, and whether it was completed.
-- No parameters.
SELECT version, completed IS NOT NULL, begun, completed FROM expireimage_migration ORDER BY version
