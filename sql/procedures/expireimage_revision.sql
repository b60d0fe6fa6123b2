-- For the developers of VCL's frontend: what a page shows of the expire date of a revision. Optional; this program calls
-- it nowhere.
-- SQL SECURITY INVOKER: the account of VCL's web may read and write all of VCL's tables, so that
-- EXECUTE is all it needs. With a
-- definer's rights every call would fail on the day on which that account is dropped.
-- The parameter has another name than any column: inside of a procedure it would hide that.
DELIMITER //
CREATE OR REPLACE PROCEDURE expireimage_revision(IN the_revision MEDIUMINT UNSIGNED)
  READS SQL DATA
  SQL SECURITY INVOKER
  COMMENT 'one row: expire date of a revision, when it was set, why, what its owner was told, until when it is kept'
BEGIN
  SELECT r.id AS revision_id, NULLIF(r.expiredate, '0000-00-00') AS expiredate,
    k.marked_on AS set_on, k.origin AS set_by,
    IF(k.id IS NULL, NULL, (
      SELECT e.reasons FROM expireimage_event e
      WHERE e.revision_id = r.id AND e.kind IN ('mark', 'redate', 'adopt')
      ORDER BY e.id DESC LIMIT 1
    )) AS reasons,
    n.notices_accepted, n.first_accepted_on,
    (
      SELECT m.status FROM expireimage_notice x
      JOIN expireimage_mail m ON m.id = x.mail_id
      WHERE x.mark_id = k.id AND m.status NOT IN ('replaced', 'dropped')
      ORDER BY m.id DESC LIMIT 1
    ) AS last_notice,
    EXISTS (
      SELECT 1 FROM expireimage_keep p WHERE p.revision_id = r.id AND (p.until IS NULL OR p.until > CURDATE())
    ) AS is_kept,
    (
      SELECT IF(SUM(p.until IS NULL) > 0, NULL, MAX(p.until)) FROM expireimage_keep p
      WHERE p.revision_id = r.id AND (p.until IS NULL OR p.until > CURDATE())
    ) AS kept_until
  FROM imagerevision r
  LEFT JOIN expireimage_mark k ON k.revision_id = r.id AND k.expiredate = r.expiredate
  LEFT JOIN (
    SELECT x.mark_id, COUNT(*) AS notices_accepted, MIN(m.accepted_on) AS first_accepted_on
    FROM expireimage_notice x
    JOIN expireimage_mail m ON m.id = x.mail_id
    WHERE x.revision_id = the_revision AND m.status = 'accepted'
    GROUP BY x.mark_id
  ) n ON n.mark_id = k.id
  WHERE r.id = the_revision;
END//
