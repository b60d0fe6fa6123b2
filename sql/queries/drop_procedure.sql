-- Drops a procedure; error 1305 where there is none, 1370 where the account may not, whether or not there is one.
-- In place of a parameter, which such a statement cannot have, the text {name}.
DROP PROCEDURE {name}
