-- Adds an image.
-- Parameters: id, name, pretty name, owner id.
INSERT INTO image (id, name, prettyname, ownerid, imagetypeid, platformid, OSid, imagemetaid, minram, minprocnumber,
  minprocspeed, minnetwork, maxconcurrent, reloadtime, deleted, test, lastupdate, forcheckout, maxinitialtime, project,
  size, architecture, description, `usage`, basedoffrevisionid)
SELECT ?, ?, ?, ?, i.imagetypeid, i.platformid, o.id, NULL, 512, 1, 500, 10, NULL, 10, 0, 0, NULL, 1, 0, 'vcl', 4000,
  'x86_64', NULL, NULL, NULL
FROM image i
JOIN OS o ON o.installtype NOT IN ('none', 'kickstart')
ORDER BY i.id, o.id LIMIT 1
