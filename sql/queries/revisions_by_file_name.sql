-- The revisions of an imagename, live ones first; two may share one.
-- Parameters: imagename.
SELECT id FROM imagerevision WHERE imagename = CONVERT(? USING latin1) ORDER BY deleted, id
