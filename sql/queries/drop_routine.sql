-- Drops a procedure.
-- In place of a parameter, which such a statement cannot have, the text {name}.
DROP PROCEDURE IF EXISTS {name}
