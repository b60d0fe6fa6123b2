-- One row for each use of a revision by a person that came after the records were read.
-- Parameters: revision id, newest sublog id read, newest changelog id read, revision id as text.
SELECT 1 FROM sublog s WHERE s.imagerevisionid = ? AND s.id > ?
UNION ALL
SELECT 1 FROM changelog c WHERE c.id > ? AND c.other = CONCAT('event:reinstall|revisionid:', ?)
