-- The present mark of a revision.
-- Parameters: revision id.
SELECT id, expiredate, computed_date, marked_on, origin, last_use FROM expireimage_mark WHERE revision_id = ?
