-- For the developers of VCL's frontend: takes the expire date of a revision away for its owner, and keeps it for the
-- grace period. Optional; this program calls it nowhere. It commits by itself, as VCL's statements do.
-- SQL SECURITY INVOKER, and names of parameters that are no column's: as in expireimage_revision.
DELIMITER //
CREATE OR REPLACE PROCEDURE expireimage_reset(
  IN the_revision MEDIUMINT UNSIGNED, IN the_account VARCHAR(255) CHARACTER SET utf8mb4)
  MODIFIES SQL DATA
  SQL SECURITY INVOKER
  COMMENT 'takes the expire date of a live revision away, and keeps it for the grace period; commits'
BEGIN
  DECLARE is_live BOOLEAN DEFAULT FALSE;
  DECLARE the_image SMALLINT UNSIGNED;
  DECLARE the_affiliation VARCHAR(255) CHARACTER SET utf8mb4;
  DECLARE old_date DATE;
  DECLARE grace INT UNSIGNED;
  DECLARE kept_until DATE;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    ROLLBACK;
    RESIGNAL;
  END;

  IF COALESCE(the_account, '') = '' THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'expireimage_reset: name the account, such as jdoe@NCSU';
  END IF;

  IF the_account REGEXP '[[:cntrl:]\\x{80}-\\x{9F}\\x{2028}\\x{2029}]' THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'expireimage_reset: the account has control characters';
  END IF;

  START TRANSACTION;
  -- This row alone is locked, as our program's own changes do.
  SELECT r.deleted = 0, r.imageid, NULLIF(r.expiredate, '0000-00-00') INTO is_live, the_image, old_date
  FROM imagerevision r WHERE r.id = the_revision FOR UPDATE;
  IF NOT is_live OR NOT EXISTS (SELECT 1 FROM image i WHERE i.id = the_image AND i.deleted = 0) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'expireimage_reset: no live revision has this id';
  END IF;

  IF old_date IS NOT NULL THEN
    SET the_affiliation = (
      SELECT a.name FROM image i
      JOIN user u ON u.id = i.ownerid
      JOIN affiliation a ON a.id = u.affiliationid
      WHERE i.id = the_image
    );
    -- The value of the owner's affiliation, else of the site, else the built-in default; in calendar days. A value that
    -- is none stops the runs until an admin has corrected it; the owner is served meanwhile, by the next best value.
    SET grace = COALESCE((
      SELECT CAST(REGEXP_SUBSTR(v.value, '[0-9]+') AS UNSIGNED) AS days FROM variable v
      WHERE v.name IN (CONCAT('expireimage_grace_days|', the_affiliation), 'expireimage_grace_days')
        AND v.value REGEXP '^[[:space:]]*[0-9]{1,9}[[:space:]]*$'
      HAVING days <= 3650
      ORDER BY LENGTH(v.name) DESC LIMIT 1
    ), 30);
    SET kept_until = CURDATE() + INTERVAL GREATEST(grace, 1) DAY;

    UPDATE imagerevision r SET r.expiredate = NULL WHERE r.id = the_revision;
    INSERT INTO expireimage_keep (revision_id, until, origin, reason, set_by, set_at)
    VALUES (the_revision, kept_until, 'date_reset', '', the_account, NOW());
    INSERT INTO expireimage_event (run_id, revision_id, image_id, kind, happened, actor, reasons, old_date, new_date,
      datedeleted, whole_image, facts)
    VALUES (NULL, the_revision, the_image, 'unmark', NOW(), the_account, 'date_reset', old_date, NULL, NULL, 0, '{}');
  END IF;
  COMMIT;
  SELECT old_date AS previous_date, kept_until;
END//
