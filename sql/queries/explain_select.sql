-- Takes the right to select columns of a table, and reads none.
-- In place of parameters, which such a statement cannot have, the texts {columns} and {table}.
EXPLAIN SELECT {columns} FROM `{table}` WHERE FALSE
