-- Forgets the stored usage, before all of it is stored anew.
-- No parameters.
DELETE FROM expireimage_usage
