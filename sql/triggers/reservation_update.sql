-- A reinstall moves a person's reservation to another revision: the expire date of that one is cleared at once.
-- Never waits in the queue for the revision's row: VCL's statement holds a gap of the index on requestid, for which an
-- insertion waits that has the revision's row shared.
-- Nothing that fails in here reaches VCL.
DELIMITER //
CREATE OR REPLACE TRIGGER expireimage_reservation_update BEFORE UPDATE ON reservation FOR EACH ROW
BEGIN
  DECLARE hits INT UNSIGNED DEFAULT 0;
  DECLARE tries INT UNSIGNED DEFAULT 0;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END;

  IF NEW.imagerevisionid <> OLD.imagerevisionid THEN
    SELECT COUNT(*) INTO hits FROM expireimage_expiring e WHERE e.revision_id = NEW.imagerevisionid;
    IF hits > 0 THEN
      SELECT COUNT(*) INTO hits
      FROM request q JOIN expireimage_ignored i ON i.user_id = q.userid WHERE q.id = NEW.requestid;
      IF hits = 0 THEN
        REPEAT
          DO SLEEP(0.001 * tries);
          SET tries = tries + 1;
          IF tries = 1 THEN
            SELECT COUNT(*) INTO hits FROM imagerevision r1 WHERE r1.id = NEW.imagerevisionid FOR UPDATE SKIP LOCKED;
          ELSEIF tries = 2 THEN
            SELECT COUNT(*) INTO hits FROM imagerevision r2 WHERE r2.id = NEW.imagerevisionid FOR UPDATE SKIP LOCKED;
          ELSEIF tries = 3 THEN
            SELECT COUNT(*) INTO hits FROM imagerevision r3 WHERE r3.id = NEW.imagerevisionid FOR UPDATE SKIP LOCKED;
          ELSEIF tries = 4 THEN
            SELECT COUNT(*) INTO hits FROM imagerevision r4 WHERE r4.id = NEW.imagerevisionid FOR UPDATE SKIP LOCKED;
          ELSEIF tries = 5 THEN
            SELECT COUNT(*) INTO hits FROM imagerevision r5 WHERE r5.id = NEW.imagerevisionid FOR UPDATE SKIP LOCKED;
          END IF;
        UNTIL hits > 0 OR tries = 5 END REPEAT;
        IF hits > 0 THEN
          UPDATE imagerevision FORCE INDEX (PRIMARY) SET expiredate = NULL WHERE id = NEW.imagerevisionid;
        END IF;
      END IF;
    END IF;
  END IF;
END//
