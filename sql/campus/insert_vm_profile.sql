-- Adds a VM host profile.
-- Parameters: profilename, imageid.
INSERT INTO `vmprofile`
  (`profilename`, `imageid`, `resourcepath`, `folderpath`, `repositorypath`, `repositoryimagetypeid`, `datastorepath`,
   `datastoreimagetypeid`, `vmpath`, `virtualswitch0`, `virtualswitch1`, `virtualswitch2`, `virtualswitch3`, `vmdisk`,
   `username`, `password`, `secretid`, `eth0generated`, `eth1generated`, `rsapub`, `rsakey`, `encryptedpasswd`)
VALUES (?, ?, NULL, NULL, NULL, 1, 'nfs-datastore', 6, 'nfs-datastore', 'Private', 'Public', NULL, NULL, 'shared',
   NULL, NULL, NULL, 0, 0, NULL, NULL, NULL)
