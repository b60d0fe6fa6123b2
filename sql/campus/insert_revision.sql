-- Adds a revision.
-- Parameters: id (NULL: the next), imageid, revision, userid, datecreated, deleted, datedeleted, production, imagename.
INSERT INTO `imagerevision`
  (`id`, `imageid`, `revision`, `userid`, `datecreated`, `deleted`, `datedeleted`, `production`, `comments`, `imagename`,
   `autocaptured`)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, 0)
