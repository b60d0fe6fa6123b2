-- Adds a computer.
-- Parameters: stateid, currentimageid, nextimageid, imagerevisionid, hostname, IPaddress, deleted, datedeleted.
INSERT INTO `computer`
  (`stateid`, `ownerid`, `platformid`, `scheduleid`, `vmhostid`, `currentimageid`, `nextimageid`, `imagerevisionid`,
   `RAM`, `procnumber`, `procspeed`, `network`, `hostname`, `IPaddress`, `privateIPaddress`, `eth0macaddress`,
   `eth1macaddress`, `type`, `provisioningid`, `drivetype`, `deleted`, `datedeleted`, `notes`, `lastcheck`, `location`,
   `dsa`, `dsapub`, `rsa`, `rsapub`, `host`, `hostpub`, `vmtypeid`, `predictivemoduleid`)
VALUES (?, 1, 1, 1, NULL, ?, ?, ?, 4096, 2, 2400, 1000, ?, ?, NULL, NULL,
   NULL, 'virtualmachine', 7, 'hda', ?, ?, NULL, NULL, NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, 1, 8)
