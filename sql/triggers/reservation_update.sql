-- A reinstall moves a person's reservation to another revision: the expire date of that one is cleared at once.
-- Never waits for the revision's row, nor tries again: VCL's statement holds a gap of the index on requestid, for which
-- insertions wait that have the revision's row shared. What is locked is left to the next run.
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
        SELECT COUNT(*) INTO hits FROM imagerevision r WHERE r.id = NEW.imagerevisionid FOR UPDATE SKIP LOCKED;
        IF hits > 0 THEN
          UPDATE imagerevision FORCE INDEX (PRIMARY) SET expiredate = NULL WHERE id = NEW.imagerevisionid;
        END IF;
      END IF;
    END IF;
  END IF;
END//
