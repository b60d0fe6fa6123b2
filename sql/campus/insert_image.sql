-- Adds an image without revisions.
-- Parameters: name, prettyname, ownerid, OSid, deleted, size in megabytes.
INSERT INTO `image`
  (`name`, `prettyname`, `ownerid`, `imagetypeid`, `platformid`, `OSid`, `imagemetaid`, `minram`, `minprocnumber`,
   `minprocspeed`, `minnetwork`, `maxconcurrent`, `reloadtime`, `deleted`, `test`, `lastupdate`, `forcheckout`,
   `maxinitialtime`, `project`, `size`, `architecture`, `description`, `usage`, `basedoffrevisionid`)
VALUES (?, ?, ?, 6, 1, ?, NULL, 1024, 1, 0, 0, NULL, 10, ?, 0, NULL, 1, 0, 'vcl', ?, 'x86_64', NULL, NULL, NULL)
