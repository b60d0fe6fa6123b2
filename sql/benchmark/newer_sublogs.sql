-- How many times a revision was reserved since.
-- Parameters: revision id, sublog id.
SELECT COUNT(*) FROM sublog WHERE imagerevisionid = ? AND id > ?
