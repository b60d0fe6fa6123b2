-- The body of a procedure of ours and the account it runs as, as far as this account may see it.
-- Parameters: its name.
SELECT ROUTINE_DEFINITION, DEFINER
FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_NAME = ?
