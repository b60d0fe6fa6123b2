-- The procedures that the account may see: name, and body, NULL where that is hidden from it.
-- No parameters.
SELECT ROUTINE_NAME, ROUTINE_DEFINITION FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PROCEDURE'
