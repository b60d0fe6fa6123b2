-- A procedure: its name, its SQL mode, and the statement that makes it, NULL where that is hidden from the account. Error
-- 1305 where there is none that the account may see.
-- In place of a parameter, which such a statement cannot have, the text {name}.
SHOW CREATE PROCEDURE {name}
