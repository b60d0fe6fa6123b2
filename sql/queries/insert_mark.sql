-- Records who set a date, when and from what.
-- Parameters: revision id, date, computed date, marked on, origin, last use, run id.
INSERT INTO expireimage_mark (revision_id, expiredate, computed_date, marked_on, origin, last_use, run_id)
VALUES (?, ?, ?, ?, ?, ?, ?)
