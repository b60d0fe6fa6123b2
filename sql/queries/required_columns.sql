-- The tables and columns of a database, and the types with "not null" behind those of columns that must have a value.
-- No parameters.
SELECT TABLE_NAME, COLUMN_NAME, CONCAT(COLUMN_TYPE, IF(IS_NULLABLE = 'YES', '', ' not null'))
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
