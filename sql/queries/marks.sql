-- The program's record of every date it has written or found.
-- No parameters.
SELECT id, revision_id, expiredate, computed_date, marked_on, origin, last_use
FROM expireimage_mark
