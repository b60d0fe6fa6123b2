-- Takes the right to delete rows of a table, and deletes none.
-- In place of a parameter, which such a statement cannot have, the text {table}.
EXPLAIN DELETE FROM `{table}` WHERE FALSE
