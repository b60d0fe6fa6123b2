-- Drops a procedure that tells about triggers.
-- In place of a parameter, which such a statement cannot have, the text {name}.
DROP PROCEDURE IF EXISTS {name}
