-- Adds a revision.
-- Parameters: id, image id, revision, user id, created, production, imagename.
INSERT INTO imagerevision (id, imageid, revision, userid, datecreated, deleted, datedeleted, production, comments,
  imagename, autocaptured)
VALUES (?, ?, ?, ?, ?, 0, NULL, ?, NULL, ?, 0)
