-- Adds a column that is missing of one of our tables, as its migration defines it.
-- In place of parameters, which such a statement cannot have, the texts {table} and {definition}.
ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {definition}
