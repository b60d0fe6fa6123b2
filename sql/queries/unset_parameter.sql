-- Removes a parameter's row.
-- Parameters: name.
DELETE FROM variable WHERE name = ?
