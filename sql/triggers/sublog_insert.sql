-- A person reserves a revision: its expire date is cleared at once.
-- Before the row and not after it: the foreign key's check takes a shared lock on the revision, and two statements
-- that both hold one and then want to write end in a deadlock. The primary key of our own table is read first, so
-- that a revision without a date costs one look-up and no lock.
-- By the primary key, and without asking for the date: by the index on the date, which the optimizer would choose then,
-- two statements meet in a deadlock.
-- The two variables tell the trigger on reservation, later in the same session, which rows it need not look for.
-- Nothing that fails in here reaches VCL.
DELIMITER //
CREATE OR REPLACE TRIGGER expireimage_sublog_insert BEFORE INSERT ON sublog FOR EACH ROW
BEGIN
  DECLARE hits INT UNSIGNED DEFAULT 0;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END;

  SET @expireimage_revisions = CONCAT(
    IF(@expireimage_log = NEW.logid, CONCAT(@expireimage_revisions, ','), ''), NEW.imagerevisionid);
  SET @expireimage_log = NEW.logid;

  SELECT COUNT(*) INTO hits FROM expireimage_expiring e WHERE e.revision_id = NEW.imagerevisionid;
  IF hits > 0 THEN
    SELECT COUNT(*) INTO hits FROM log l JOIN expireimage_ignored i ON i.user_id = l.userid WHERE l.id = NEW.logid;
    IF hits = 0 THEN
      UPDATE imagerevision FORCE INDEX (PRIMARY) SET expiredate = NULL WHERE id = NEW.imagerevisionid;
    END IF;
  END IF;
END//
