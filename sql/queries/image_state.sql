-- Whether an image is flagged, its owner, how many live production and how many live revisions it has, and the
-- number of the production revision.
-- Parameters: image id.
SELECT i.deleted, i.ownerid,
  (SELECT COUNT(*) FROM imagerevision r WHERE r.imageid = i.id AND r.deleted = 0 AND r.production = 1),
  (SELECT COUNT(*) FROM imagerevision r WHERE r.imageid = i.id AND r.deleted = 0),
  (SELECT MAX(r.revision) FROM imagerevision r WHERE r.imageid = i.id AND r.deleted = 0 AND r.production = 1)
FROM image i WHERE i.id = ?
