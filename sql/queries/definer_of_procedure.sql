-- The account that a procedure runs as, name and host joined by @; no row for one that runs as its caller, or that this
-- account may not see.
-- Parameters: its name.
SELECT DEFINER FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_NAME = ? AND SECURITY_TYPE = 'DEFINER'
