-- Adds a person.
-- Parameters: unityid, affiliationid, firstname, lastname, preferredname, email, emailnotices.
INSERT INTO `user`
  (`uid`, `unityid`, `affiliationid`, `firstname`, `lastname`, `preferredname`, `email`, `emailnotices`,
   `IMtypeid`, `IMid`, `adminlevelid`, `width`, `height`, `bpp`, `audiomode`, `mapdrives`, `mapprinters`, `mapserial`,
   `rdpport`, `showallgroups`, `lastupdated`, `validated`, `usepublickeys`, `sshpublickeys`)
VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, 1, 1024, 768, 16, 'local', 1, 1, 0, NULL, 0, '0000-00-00 00:00:00', 1, 0, NULL)
