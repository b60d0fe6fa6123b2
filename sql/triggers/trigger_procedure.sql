-- What one of our triggers is, for accounts that may not see triggers (which takes the right to make them). It runs as
-- the account that made the triggers, so that being able to call it shows that this account exists; of another account
-- it says what the table of accounts does, NULL where that cannot be read.
DELIMITER //
CREATE OR REPLACE PROCEDURE expireimage_describe_trigger(
  IN wanted VARCHAR(64), OUT subject VARCHAR(255), OUT body LONGTEXT, OUT mode VARCHAR(8192),
  OUT account VARCHAR(384), OUT account_exists TINYINT)
  COMMENT 'for expireimage check' SQL SECURITY DEFINER READS SQL DATA
BEGIN
  DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END;

  SELECT CONCAT_WS(' ', t.ACTION_TIMING, t.EVENT_MANIPULATION, 'ON', t.EVENT_OBJECT_TABLE), t.ACTION_STATEMENT,
    t.SQL_MODE, t.DEFINER
  INTO subject, body, mode, account
  FROM information_schema.TRIGGERS t WHERE t.TRIGGER_SCHEMA = DATABASE() AND t.TRIGGER_NAME = wanted;

  IF account = CURRENT_USER() THEN
    SET account_exists = 1;
  ELSE
    SELECT COUNT(*) INTO account_exists
    FROM mysql.global_priv p WHERE CONVERT(CONCAT(p.User, '@', p.Host) USING utf8mb4) = CONVERT(account USING utf8mb4);
  END IF;
END//
