-- The revisions of an image that are live, and those that were deleted at a moment: id, imagename, whether it is in
-- production, whether it is flagged.
-- Parameters: image id, the moment, NULL for none.
SELECT id, imagename, production, deleted FROM imagerevision
WHERE imageid = ? AND (deleted = 0 OR datedeleted = ?)
ORDER BY revision, id
