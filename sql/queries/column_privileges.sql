-- The columns that the account may do anything with, and what: table, column, privileges in lower case with commas.
-- No parameters.
SELECT TABLE_NAME, COLUMN_NAME, PRIVILEGES FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
