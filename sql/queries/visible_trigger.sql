-- What one of our triggers is, as far as this account may see triggers: timing, event and table, body, SQL mode, the
-- account it runs as.
-- Parameters: its name.
SELECT CONCAT_WS(' ', ACTION_TIMING, EVENT_MANIPULATION, 'ON', EVENT_OBJECT_TABLE), ACTION_STATEMENT, SQL_MODE, DEFINER
FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND TRIGGER_NAME = ?
