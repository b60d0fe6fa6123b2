-- Records that a mail lists a revision.
-- Parameters: mail id, revision id, mark id, kind, date, previous date, reasons, last use.
INSERT INTO expireimage_notice (mail_id, revision_id, mark_id, kind, expiredate, previous_date, reasons, last_use)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
