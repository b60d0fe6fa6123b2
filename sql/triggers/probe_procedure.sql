-- What keeps the triggers from clearing dates, NULL for nothing: does what they do, as the account that they run as,
-- for ids that no row has.
DELIMITER //
CREATE OR REPLACE PROCEDURE expireimage_probe_triggers(OUT problem TEXT)
  COMMENT 'for expireimage check' SQL SECURITY DEFINER MODIFIES SQL DATA
BEGIN
  DECLARE hits INT UNSIGNED DEFAULT 0;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION GET DIAGNOSTICS CONDITION 1 problem = MESSAGE_TEXT;

  SET problem = NULL;
  SELECT COUNT(*) INTO hits FROM expireimage_expiring e WHERE e.revision_id = 0;
  SELECT COUNT(*) INTO hits FROM log l JOIN expireimage_ignored i ON i.user_id = l.userid WHERE l.id = 0;
  SELECT COUNT(q.logid) INTO hits
  FROM request q LEFT JOIN expireimage_ignored i ON i.user_id = q.userid WHERE q.id = 0;
  SELECT COUNT(v.requestid) + COUNT(v.imagerevisionid) INTO hits FROM reservation v WHERE v.id = 0;
  SELECT COUNT(*) INTO hits FROM imagerevision r WHERE r.id = 0 FOR UPDATE;
  SELECT COUNT(*) INTO hits FROM sublog s WHERE s.logid = 0 AND s.imagerevisionid = 0;
  UPDATE imagerevision FORCE INDEX (PRIMARY) SET expiredate = NULL WHERE id = 0;
END//
