-- A reservation of a person that no sublog row announced: the expire date of its revision is cleared at once.
-- VCL writes sublog first, in the same session, so that the variables answer for it; sublog itself is read last, after
-- the lock on the revision: with binary logging by statements that read locks a gap of sublog's index, in which others
-- that hold the revision want to insert.
-- Nothing that fails in here reaches VCL.
DELIMITER //
CREATE OR REPLACE TRIGGER expireimage_reservation_insert BEFORE INSERT ON reservation FOR EACH ROW
BEGIN
  DECLARE hits INT UNSIGNED DEFAULT 0;
  DECLARE log_of_request INT UNSIGNED DEFAULT NULL;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END;

  SELECT COUNT(*) INTO hits FROM expireimage_expiring e WHERE e.revision_id = NEW.imagerevisionid;
  IF hits > 0 THEN
    SELECT COUNT(i.user_id), MAX(q.logid) INTO hits, log_of_request
    FROM request q LEFT JOIN expireimage_ignored i ON i.user_id = q.userid WHERE q.id = NEW.requestid;
    IF hits = 0 AND NOT COALESCE(
      log_of_request = @expireimage_log AND FIND_IN_SET(NEW.imagerevisionid, @expireimage_revisions), FALSE)
    THEN
      SELECT COUNT(*) INTO hits FROM imagerevision r WHERE r.id = NEW.imagerevisionid FOR UPDATE;
      SELECT COUNT(*) INTO hits
      FROM sublog s WHERE s.logid = log_of_request AND s.imagerevisionid = NEW.imagerevisionid;
      IF hits = 0 THEN
        UPDATE imagerevision FORCE INDEX (PRIMARY) SET expiredate = NULL WHERE id = NEW.imagerevisionid;
      END IF;
    END IF;
  END IF;
END//
