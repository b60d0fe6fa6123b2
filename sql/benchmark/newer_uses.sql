-- How many times a revision was reserved, or a reservation moved to it, since.
-- Parameters: revision id, sublog id, what a reinstall of the revision is recorded as, changelog id.
SELECT (SELECT COUNT(*) FROM sublog WHERE imagerevisionid = ? AND id > ?)
  + (SELECT COUNT(*) FROM changelog WHERE other = ? AND id > ?)
