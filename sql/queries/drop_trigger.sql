-- Drops a trigger.
-- In place of a parameter, which such a statement cannot have, the text {name}.
DROP TRIGGER IF EXISTS {name}
