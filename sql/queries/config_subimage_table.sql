-- One row where VCL has the table configsubimage, which only some of its versions do.
-- No parameters.
SELECT 1 FROM information_schema.TABLES
WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'configsubimage'
