-- The database server's local time, its offset from UTC in minutes.
-- No parameters.
SELECT NOW(), TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW())
