-- Adds a management node.
-- Parameters: IPaddress, hostname, stateid, sysadminEmailAddress, sharedMailBox.
INSERT INTO `managementnode`
  (`IPaddress`, `hostname`, `ownerid`, `stateid`, `lastcheckin`, `checkininterval`, `installpath`, `imagelibenable`,
   `imagelibgroupid`, `imagelibuser`, `imagelibkey`, `keys`, `sshport`, `publicIPconfiguration`, `publicSubnetMask`,
   `publicDefaultGateway`, `publicDNSserver`, `sysadminEmailAddress`, `sharedMailBox`, `NOT_STANDALONE`,
   `availablenetworks`)
VALUES (?, ?, 1, ?, '0000-00-00 00:00:00', 12, '/install', 0, NULL, NULL, NULL, NULL, 22, 'dynamicDHCP', NULL, NULL, NULL,
   ?, ?, NULL, '')
