-- A reinstall moves a person's reservation to another revision: the expire date of that one is cleared at once.
-- Nothing that fails in here reaches VCL.
DELIMITER //
CREATE OR REPLACE TRIGGER expireimage_reservation_update BEFORE UPDATE ON reservation FOR EACH ROW
BEGIN
  DECLARE hits INT UNSIGNED DEFAULT 0;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END;

  IF NEW.imagerevisionid <> OLD.imagerevisionid THEN
    SELECT COUNT(*) INTO hits FROM expireimage_expiring e WHERE e.revision_id = NEW.imagerevisionid;
    IF hits > 0 THEN
      SELECT COUNT(*) INTO hits
      FROM request q JOIN expireimage_ignored i ON i.user_id = q.userid WHERE q.id = NEW.requestid;
      IF hits = 0 THEN
        UPDATE imagerevision FORCE INDEX (PRIMARY) SET expiredate = NULL WHERE id = NEW.imagerevisionid;
      END IF;
    END IF;
  END IF;
END//
