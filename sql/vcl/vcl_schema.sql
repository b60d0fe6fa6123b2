-- The tables of Apache VCL 2.5 as this program meets them: names, types, defaults, keys and foreign keys.
-- For the demonstration and the tests only; a real site already has them, and no migration touches them.
-- Loaded with foreign key checks off, because the tables refer to each other in circles.

CREATE TABLE `addomain` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `ownerid` mediumint(8) unsigned NOT NULL,
  `name` varchar(512) NOT NULL DEFAULT '',
  `domainDNSName` varchar(70) NOT NULL DEFAULT '',
  `dnsServers` varchar(512) NULL DEFAULT NULL,
  `username` varchar(80) NOT NULL DEFAULT '',
  `password` varchar(256) NOT NULL DEFAULT '',
  `secretid` smallint(5) unsigned NOT NULL,
  `usedbhostnames` tinyint(1) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `domainDNSName` (`domainDNSName`),
  KEY `secretid` (`secretid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `adminlevel` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(10) NOT NULL DEFAULT '',
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `affiliation` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(40) NOT NULL,
  `shibname` varchar(60) NULL DEFAULT NULL,
  `dataUpdateText` text NOT NULL,
  `sitewwwaddress` varchar(128) NULL DEFAULT NULL,
  `helpaddress` varchar(32) NULL DEFAULT NULL,
  `shibonly` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `theme` varchar(50) NULL DEFAULT NULL,
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `blockComputers` (
  `blockTimeid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `computerid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `imageid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `reloadrequestid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`blockTimeid`,`computerid`),
  KEY `computerid` (`computerid`),
  KEY `imageid` (`imageid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `blockRequest` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(80) NOT NULL,
  `imageid` smallint(5) unsigned NOT NULL,
  `numMachines` tinyint(3) unsigned NOT NULL,
  `groupid` smallint(5) unsigned NULL DEFAULT NULL,
  `repeating` enum('weekly','monthly','list') NOT NULL DEFAULT 'weekly',
  `ownerid` mediumint(8) unsigned NOT NULL,
  `managementnodeid` smallint(5) unsigned NULL DEFAULT NULL,
  `expireTime` datetime NOT NULL,
  `processing` tinyint(1) unsigned NOT NULL,
  `status` enum('requested','accepted','completed','rejected','deleted') NOT NULL DEFAULT 'accepted',
  `comments` text NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `groupid` (`groupid`),
  KEY `imageid` (`imageid`),
  KEY `managementnodeid` (`managementnodeid`),
  KEY `ownerid` (`ownerid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `blockTimes` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `blockRequestid` mediumint(8) unsigned NOT NULL,
  `start` datetime NOT NULL,
  `end` datetime NOT NULL,
  `processed` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `skip` tinyint(1) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `blockRequestid` (`blockRequestid`),
  KEY `end` (`end`),
  KEY `start` (`start`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `blockWebDate` (
  `blockRequestid` mediumint(8) unsigned NOT NULL,
  `start` date NOT NULL,
  `end` date NOT NULL,
  `days` tinyint(3) unsigned NULL DEFAULT NULL,
  `weeknum` tinyint(1) unsigned NULL DEFAULT NULL,
  KEY `blockRequestid` (`blockRequestid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `blockWebTime` (
  `blockRequestid` mediumint(8) unsigned NOT NULL,
  `starthour` tinyint(2) unsigned NOT NULL,
  `startminute` tinyint(2) unsigned NOT NULL,
  `startmeridian` enum('am','pm') NOT NULL,
  `endhour` tinyint(2) unsigned NOT NULL,
  `endminute` tinyint(2) unsigned NOT NULL,
  `endmeridian` enum('am','pm') NOT NULL,
  `order` tinyint(3) unsigned NOT NULL,
  KEY `blockRequestid` (`blockRequestid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `changelog` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `logid` int(10) unsigned NOT NULL DEFAULT 0,
  `userid` mediumint(8) unsigned NULL DEFAULT NULL,
  `reservationid` mediumint(8) unsigned NULL DEFAULT NULL,
  `start` datetime NULL DEFAULT NULL,
  `end` datetime NULL DEFAULT NULL,
  `computerid` smallint(5) unsigned NULL DEFAULT NULL,
  `remoteIP` varchar(15) NULL DEFAULT NULL,
  `wasavailable` tinyint(1) unsigned NULL DEFAULT NULL,
  `timestamp` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `other` varchar(255) NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `reservation_user_remoteIP` (`userid`,`reservationid`,`remoteIP`),
  KEY `computerid` (`computerid`),
  KEY `logid` (`logid`),
  KEY `reservationid` (`reservationid`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `clickThroughs` (
  `userid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `imageid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `imagerevisionid` mediumint(8) unsigned NULL DEFAULT NULL,
  `accepted` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `agreement` text NOT NULL,
  KEY `imageid` (`imageid`),
  KEY `imagerevisionid` (`imagerevisionid`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `computer` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `stateid` tinyint(5) unsigned NOT NULL DEFAULT 10,
  `ownerid` mediumint(8) unsigned NULL DEFAULT 1,
  `platformid` tinyint(3) unsigned NOT NULL DEFAULT 1,
  `scheduleid` tinyint(3) unsigned NULL DEFAULT NULL,
  `vmhostid` smallint(5) unsigned NULL DEFAULT NULL,
  `currentimageid` smallint(5) unsigned NOT NULL DEFAULT 1,
  `nextimageid` smallint(5) unsigned NOT NULL DEFAULT 1,
  `imagerevisionid` mediumint(8) unsigned NOT NULL DEFAULT 1,
  `RAM` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `procnumber` tinyint(5) unsigned NOT NULL DEFAULT 1,
  `procspeed` smallint(5) unsigned NOT NULL DEFAULT 0,
  `network` smallint(5) unsigned NOT NULL DEFAULT 100,
  `hostname` varchar(36) NOT NULL DEFAULT '',
  `IPaddress` varchar(15) NOT NULL DEFAULT '',
  `privateIPaddress` varchar(15) NULL DEFAULT NULL,
  `eth0macaddress` varchar(17) NULL DEFAULT NULL,
  `eth1macaddress` varchar(17) NULL DEFAULT NULL,
  `type` enum('blade','lab','virtualmachine') NOT NULL DEFAULT 'blade',
  `provisioningid` smallint(5) unsigned NOT NULL,
  `drivetype` varchar(4) NOT NULL DEFAULT 'hda',
  `deleted` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `datedeleted` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `notes` text NULL DEFAULT NULL,
  `lastcheck` datetime NULL DEFAULT NULL,
  `location` varchar(255) NULL DEFAULT NULL,
  `dsa` mediumtext NULL DEFAULT NULL,
  `dsapub` mediumtext NULL DEFAULT NULL,
  `rsa` mediumtext NULL DEFAULT NULL,
  `rsapub` mediumtext NULL DEFAULT NULL,
  `host` blob NULL DEFAULT NULL,
  `hostpub` mediumtext NULL DEFAULT NULL,
  `vmtypeid` tinyint(3) unsigned NULL DEFAULT NULL,
  `predictivemoduleid` smallint(5) unsigned NOT NULL DEFAULT 9,
  UNIQUE KEY `eth0macaddress` (`eth0macaddress`,`datedeleted`),
  UNIQUE KEY `eth1macaddress` (`eth1macaddress`,`datedeleted`),
  UNIQUE KEY `hostname` (`hostname`,`datedeleted`),
  PRIMARY KEY (`id`),
  KEY `currentimageid` (`currentimageid`),
  KEY `deleted` (`deleted`),
  KEY `imagerevisionid` (`imagerevisionid`),
  KEY `nextimageid` (`nextimageid`),
  KEY `ownerid` (`ownerid`),
  KEY `platformid` (`platformid`),
  KEY `predictivemoduleid` (`predictivemoduleid`),
  KEY `provisioningid` (`provisioningid`),
  KEY `scheduleid` (`scheduleid`),
  KEY `stateid` (`stateid`),
  KEY `type` (`type`),
  KEY `vmhostid` (`vmhostid`),
  KEY `vmtypeid` (`vmtypeid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `computerloadflow` (
  `computerloadstateid` smallint(8) unsigned NOT NULL,
  `nextstateid` smallint(8) unsigned NULL DEFAULT NULL,
  `type` enum('blade','lab','virtualmachine') NULL DEFAULT NULL,
  KEY `computerloadstateid` (`computerloadstateid`),
  KEY `nextstateid` (`nextstateid`),
  KEY `type` (`type`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `computerloadlog` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `reservationid` mediumint(8) unsigned NOT NULL,
  `computerid` smallint(8) unsigned NOT NULL,
  `loadstateid` smallint(8) unsigned NOT NULL,
  `timestamp` datetime NULL DEFAULT NULL,
  `additionalinfo` text NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `computerid` (`computerid`),
  KEY `loadstateid` (`loadstateid`),
  KEY `reservationid` (`reservationid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `computerloadstate` (
  `id` smallint(8) unsigned NOT NULL AUTO_INCREMENT,
  `loadstatename` varchar(24) NOT NULL,
  `prettyname` varchar(50) NULL DEFAULT NULL,
  `est` tinyint(2) unsigned NULL DEFAULT NULL,
  UNIQUE KEY `loadstatename` (`loadstatename`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `connectlog` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `logid` int(10) unsigned NOT NULL,
  `reservationid` mediumint(8) unsigned NOT NULL,
  `userid` mediumint(8) unsigned NULL DEFAULT NULL,
  `remoteIP` varchar(39) NOT NULL,
  `verified` tinyint(1) NOT NULL,
  `timestamp` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  PRIMARY KEY (`id`),
  UNIQUE KEY `reservationid_1` (`reservationid`,`userid`,`remoteIP`),
  KEY `logid` (`logid`),
  KEY `reservationid` (`reservationid`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `connectmethod` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(80) NOT NULL,
  `description` varchar(255) NOT NULL,
  `connecttext` text NOT NULL,
  `servicename` varchar(32) NOT NULL,
  `startupscript` varchar(256) NULL DEFAULT NULL,
  UNIQUE KEY `name` (`name`,`description`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `connectmethodmap` (
  `connectmethodid` tinyint(3) unsigned NOT NULL,
  `OStypeid` tinyint(3) unsigned NULL DEFAULT NULL,
  `OSid` tinyint(3) unsigned NULL DEFAULT NULL,
  `imagerevisionid` mediumint(8) unsigned NULL DEFAULT NULL,
  `disabled` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `autoprovisioned` tinyint(1) unsigned NULL DEFAULT NULL,
  KEY `connectmethodid` (`connectmethodid`),
  KEY `imagerevisionid` (`imagerevisionid`),
  KEY `OSid` (`OSid`),
  KEY `OStypeid` (`OStypeid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `connectmethodport` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `connectmethodid` tinyint(3) unsigned NOT NULL,
  `port` mediumint(8) unsigned NOT NULL,
  `protocol` enum('TCP','UDP') NOT NULL DEFAULT 'TCP',
  UNIQUE KEY `connectmethodid_port_protocol` (`connectmethodid`,`port`,`protocol`),
  PRIMARY KEY (`id`),
  KEY `connectmethodid` (`connectmethodid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `continuations` (
  `id` varchar(255) NOT NULL DEFAULT '',
  `userid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `expiretime` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `frommode` varchar(50) NOT NULL DEFAULT '',
  `tomode` varchar(50) NOT NULL DEFAULT '',
  `data` text NOT NULL,
  `multicall` tinyint(1) unsigned NOT NULL DEFAULT 1,
  `parentid` varchar(255) NULL DEFAULT NULL,
  `deletefromid` varchar(255) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`),
  KEY `deletefromid` (`deletefromid`),
  KEY `expiretime` (`expiretime`),
  KEY `parentid` (`parentid`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `cryptkey` (
  `id` smallint(6) unsigned NOT NULL AUTO_INCREMENT,
  `hostid` smallint(6) unsigned NOT NULL,
  `hosttype` enum('managementnode','web') NOT NULL DEFAULT 'managementnode',
  `pubkey` varchar(1000) NOT NULL,
  `algorithm` varchar(80) NOT NULL,
  `algorithmoption` varchar(255) NOT NULL,
  `keylength` smallint(5) unsigned NOT NULL,
  UNIQUE KEY `hostid` (`hostid`,`hosttype`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `cryptsecret` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `cryptkeyid` smallint(5) unsigned NOT NULL,
  `secretid` smallint(5) unsigned NOT NULL,
  `cryptsecret` varchar(1000) NOT NULL,
  `algorithm` varchar(80) NOT NULL,
  `algorithmoption` varchar(255) NOT NULL,
  `keylength` smallint(5) unsigned NOT NULL,
  UNIQUE KEY `cryptkeyid` (`cryptkeyid`,`secretid`),
  PRIMARY KEY (`id`),
  KEY `secretid` (`secretid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `documentation` (
  `name` varchar(255) NOT NULL,
  `title` varchar(255) NOT NULL,
  `data` text NOT NULL,
  UNIQUE KEY `name` (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `image` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(70) NOT NULL DEFAULT '',
  `prettyname` varchar(80) NOT NULL DEFAULT '',
  `ownerid` mediumint(8) unsigned NULL DEFAULT 1,
  `imagetypeid` smallint(5) unsigned NOT NULL DEFAULT 1,
  `platformid` tinyint(3) unsigned NOT NULL DEFAULT 1,
  `OSid` tinyint(3) unsigned NOT NULL DEFAULT 0,
  `imagemetaid` smallint(5) unsigned NULL DEFAULT NULL,
  `minram` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `minprocnumber` tinyint(3) unsigned NOT NULL DEFAULT 0,
  `minprocspeed` smallint(5) unsigned NOT NULL DEFAULT 0,
  `minnetwork` smallint(3) unsigned NOT NULL DEFAULT 0,
  `maxconcurrent` tinyint(3) unsigned NULL DEFAULT NULL,
  `reloadtime` tinyint(3) unsigned NOT NULL DEFAULT 10,
  `deleted` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `test` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `lastupdate` datetime NULL DEFAULT NULL,
  `forcheckout` tinyint(1) unsigned NOT NULL DEFAULT 1,
  `maxinitialtime` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `project` enum('vcl','hpc','vclhpc') NOT NULL DEFAULT 'vcl',
  `size` smallint(5) unsigned NOT NULL DEFAULT 0,
  `architecture` enum('x86','x86_64') NOT NULL DEFAULT 'x86',
  `description` text NULL DEFAULT NULL,
  `usage` text NULL DEFAULT NULL,
  `basedoffrevisionid` mediumint(8) unsigned NULL DEFAULT NULL,
  UNIQUE KEY `name` (`name`),
  UNIQUE KEY `prettyname` (`prettyname`),
  PRIMARY KEY (`id`),
  KEY `basedoffrevisionid` (`basedoffrevisionid`),
  KEY `imagemetaid` (`imagemetaid`),
  KEY `imagetypeid` (`imagetypeid`),
  KEY `OSid` (`OSid`),
  KEY `ownerid` (`ownerid`),
  KEY `platformid` (`platformid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `imageaddomain` (
  `imageid` smallint(5) unsigned NOT NULL,
  `addomainid` tinyint(3) unsigned NOT NULL,
  `baseOU` varchar(512) NULL DEFAULT NULL,
  PRIMARY KEY (`imageid`,`addomainid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `imagemeta` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `checkuser` tinyint(1) unsigned NOT NULL DEFAULT 1,
  `subimages` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `sysprep` tinyint(1) unsigned NOT NULL DEFAULT 1,
  `postoption` varchar(32) NULL DEFAULT NULL,
  `architecture` varchar(10) NULL DEFAULT NULL,
  `rootaccess` tinyint(1) unsigned NOT NULL DEFAULT 1,
  `sethostname` tinyint(1) unsigned NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `imagerevision` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `imageid` smallint(5) unsigned NOT NULL,
  `revision` smallint(5) unsigned NOT NULL,
  `userid` mediumint(8) unsigned NOT NULL,
  `datecreated` datetime NOT NULL,
  `deleted` tinyint(1) unsigned NOT NULL,
  `datedeleted` datetime NULL DEFAULT NULL,
  `production` tinyint(1) unsigned NOT NULL,
  `comments` text NULL DEFAULT NULL,
  `imagename` varchar(75) NOT NULL,
  `autocaptured` tinyint(1) unsigned NOT NULL DEFAULT 0,
  UNIQUE KEY `imageid` (`imageid`,`revision`),
  PRIMARY KEY (`id`),
  UNIQUE KEY `production` (`production`,`imagename`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `imagerevisioninfo` (
  `imagerevisionid` mediumint(8) unsigned NOT NULL,
  `usernames` varchar(512) NULL DEFAULT NULL,
  `firewallenabled` varchar(20) NOT NULL,
  `timestamp` datetime NOT NULL,
  UNIQUE KEY `imagerevisionid` (`imagerevisionid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `imagetype` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(16) NOT NULL,
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `IMtype` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(20) NOT NULL DEFAULT '',
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `localauth` (
  `userid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `passhash` varchar(40) NOT NULL DEFAULT '',
  `salt` varchar(8) NOT NULL DEFAULT '',
  `lastupdated` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `lockedout` tinyint(1) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`userid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `log` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `userid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `nowfuture` enum('now','future') NOT NULL DEFAULT 'now',
  `start` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `loaded` datetime NULL DEFAULT NULL,
  `initialend` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `finalend` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `wasavailable` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `ending` enum('deleted','released','failed','failedtest','noack','nologin','timeout','EOR','none') NOT NULL DEFAULT 'none',
  `requestid` mediumint(8) unsigned NULL DEFAULT NULL,
  `computerid` smallint(5) unsigned NULL DEFAULT NULL,
  `remoteIP` varchar(15) NULL DEFAULT NULL,
  `imageid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `size` smallint(5) unsigned NOT NULL DEFAULT 1450,
  PRIMARY KEY (`id`),
  KEY `computerid` (`computerid`),
  KEY `finalend` (`finalend`),
  KEY `imageid` (`imageid`),
  KEY `start` (`start`),
  KEY `userid` (`userid`),
  KEY `wasavailable` (`wasavailable`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `loginlog` (
  `user` varchar(50) NOT NULL,
  `authmech` varchar(30) NOT NULL,
  `affiliationid` mediumint(8) unsigned NOT NULL,
  `timestamp` timestamp NOT NULL DEFAULT current_timestamp(),
  `passfail` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `remoteIP` varchar(15) NOT NULL,
  `code` enum('none','invalid credentials') NOT NULL DEFAULT 'none',
  KEY `affiliationid` (`affiliationid`),
  KEY `authmech` (`authmech`),
  KEY `code` (`code`),
  KEY `timestamp` (`timestamp`),
  KEY `user` (`user`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `managementnode` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `IPaddress` varchar(15) NOT NULL DEFAULT '',
  `hostname` varchar(50) NOT NULL DEFAULT '',
  `ownerid` mediumint(8) unsigned NOT NULL DEFAULT 1,
  `stateid` tinyint(3) unsigned NOT NULL DEFAULT 0,
  `lastcheckin` timestamp NULL DEFAULT '0000-00-00 00:00:00',
  `checkininterval` tinyint(3) unsigned NOT NULL DEFAULT 12,
  `installpath` varchar(100) NOT NULL DEFAULT '/install',
  `imagelibenable` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `imagelibgroupid` smallint(5) unsigned NULL DEFAULT NULL,
  `imagelibuser` varchar(20) NULL DEFAULT 'vclstaff',
  `imagelibkey` varchar(100) NULL DEFAULT '/etc/vcl/imagelib.key',
  `keys` varchar(1024) NULL DEFAULT NULL,
  `sshport` smallint(5) unsigned NOT NULL DEFAULT 22,
  `publicIPconfiguration` enum('dynamicDHCP','manualDHCP','static') NOT NULL DEFAULT 'dynamicDHCP',
  `publicSubnetMask` varchar(56) NULL DEFAULT NULL,
  `publicDefaultGateway` varchar(56) NULL DEFAULT NULL,
  `publicDNSserver` varchar(56) NULL DEFAULT NULL,
  `sysadminEmailAddress` varchar(128) NULL DEFAULT NULL,
  `sharedMailBox` varchar(128) NULL DEFAULT NULL,
  `NOT_STANDALONE` varchar(128) NULL DEFAULT NULL,
  `availablenetworks` text NOT NULL,
  UNIQUE KEY `hostname` (`hostname`),
  PRIMARY KEY (`id`),
  KEY `imagelibgroupid` (`imagelibgroupid`),
  KEY `IPaddress` (`IPaddress`),
  KEY `ownerid` (`ownerid`),
  KEY `stateid` (`stateid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `messagereset` (
  `name` varchar(128) NOT NULL,
  `value` longtext NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `module` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(30) NOT NULL,
  `prettyname` varchar(70) NOT NULL,
  `description` varchar(255) NOT NULL,
  `perlpackage` varchar(150) NOT NULL,
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `nathost` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `resourceid` mediumint(8) unsigned NOT NULL,
  `publicIPaddress` varchar(15) NOT NULL,
  `internalIPaddress` varchar(15) NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `resourceid` (`resourceid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `nathostcomputermap` (
  `nathostid` smallint(5) unsigned NOT NULL,
  `computerid` smallint(5) unsigned NOT NULL,
  UNIQUE KEY `computerid` (`computerid`,`nathostid`),
  KEY `nathostid` (`nathostid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `natlog` (
  `sublogid` int(10) unsigned NOT NULL,
  `nathostresourceid` mediumint(8) unsigned NOT NULL,
  `publicIPaddress` varchar(15) NOT NULL,
  `publicport` smallint(5) unsigned NOT NULL,
  `internalIPaddress` varchar(15) NULL DEFAULT NULL,
  `internalport` smallint(5) unsigned NOT NULL,
  `protocol` enum('TCP','UDP') NOT NULL DEFAULT 'TCP',
  `timestamp` datetime NOT NULL,
  UNIQUE KEY `sublogid` (`sublogid`,`nathostresourceid`,`publicIPaddress`,`publicport`,`internalIPaddress`,`internalport`,`protocol`),
  KEY `logid` (`sublogid`),
  KEY `nathostid` (`nathostresourceid`),
  KEY `nathostresourceid` (`nathostresourceid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `natport` (
  `reservationid` mediumint(8) unsigned NOT NULL,
  `nathostid` smallint(5) unsigned NOT NULL,
  `publicport` smallint(5) unsigned NOT NULL,
  `connectmethodportid` tinyint(3) unsigned NOT NULL,
  UNIQUE KEY `nathostid_publicport` (`nathostid`,`publicport`),
  UNIQUE KEY `reservationid_connectmethodportid` (`reservationid`,`connectmethodportid`),
  KEY `connectmethodportid` (`connectmethodportid`),
  KEY `nathostid` (`nathostid`),
  KEY `reservationid` (`reservationid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `oneclick` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `userid` mediumint(8) unsigned NOT NULL,
  `imageid` smallint(5) unsigned NOT NULL,
  `name` varchar(70) NOT NULL,
  `duration` int(11) NOT NULL,
  `autologin` tinyint(1) NOT NULL DEFAULT 0,
  `status` tinyint(4) NOT NULL DEFAULT 1,
  PRIMARY KEY (`id`),
  KEY `imageid` (`imageid`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `openstackcomputermap` (
  `instanceid` varchar(50) NOT NULL,
  `computerid` smallint(5) unsigned NULL DEFAULT NULL,
  UNIQUE KEY `computerid` (`computerid`),
  PRIMARY KEY (`instanceid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `openstackimagerevision` (
  `imagerevisionid` mediumint(8) unsigned NOT NULL,
  `imagedetails` text NOT NULL,
  `flavordetails` text NOT NULL,
  PRIMARY KEY (`imagerevisionid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `OS` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(20) NOT NULL,
  `prettyname` varchar(64) NOT NULL DEFAULT '',
  `type` varchar(30) NOT NULL,
  `installtype` varchar(30) NOT NULL DEFAULT 'image',
  `minram` mediumint(8) unsigned NOT NULL DEFAULT 512,
  `sourcepath` varchar(30) NULL DEFAULT NULL,
  `moduleid` smallint(5) unsigned NULL DEFAULT NULL,
  UNIQUE KEY `name` (`name`),
  UNIQUE KEY `prettyname` (`prettyname`),
  PRIMARY KEY (`id`),
  KEY `installtype` (`installtype`),
  KEY `moduleid` (`moduleid`),
  KEY `type` (`type`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `OSinstalltype` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(30) NOT NULL,
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `OStype` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(30) NOT NULL,
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `platform` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(20) NOT NULL DEFAULT '',
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `privnode` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `parent` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `name` varchar(50) NOT NULL DEFAULT '',
  UNIQUE KEY `parent` (`parent`,`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `provisioning` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(30) NOT NULL,
  `prettyname` varchar(70) NOT NULL,
  `moduleid` smallint(5) unsigned NOT NULL,
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`),
  KEY `moduleid` (`moduleid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `provisioningOSinstalltype` (
  `provisioningid` smallint(5) unsigned NOT NULL,
  `OSinstalltypeid` tinyint(3) unsigned NOT NULL,
  PRIMARY KEY (`provisioningid`,`OSinstalltypeid`),
  KEY `OSinstalltypeid` (`OSinstalltypeid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `querylog` (
  `userid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `timestamp` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `mode` varchar(30) NOT NULL DEFAULT '',
  `query` text NOT NULL,
  KEY `userid` (`userid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `request` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `stateid` tinyint(3) unsigned NOT NULL DEFAULT 0,
  `userid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `laststateid` tinyint(3) unsigned NOT NULL DEFAULT 0,
  `logid` int(10) unsigned NULL DEFAULT NULL,
  `forimaging` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `test` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `preload` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `start` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `end` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `daterequested` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `datemodified` datetime NULL DEFAULT NULL,
  `checkuser` tinyint(1) unsigned NOT NULL DEFAULT 1,
  PRIMARY KEY (`id`),
  KEY `end` (`end`),
  KEY `laststateid` (`laststateid`),
  KEY `logid` (`logid`),
  KEY `start` (`start`),
  KEY `stateid` (`stateid`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `reservation` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `requestid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `computerid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `imageid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `imagerevisionid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `managementnodeid` smallint(5) unsigned NOT NULL DEFAULT 1,
  `remoteIP` varchar(15) NULL DEFAULT NULL,
  `lastcheck` datetime NULL DEFAULT '0000-00-00 00:00:00',
  `pw` varchar(40) NULL DEFAULT NULL,
  `connectIP` varchar(15) NULL DEFAULT NULL,
  `connectport` smallint(5) unsigned NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `computerid` (`computerid`),
  KEY `imageid` (`imageid`),
  KEY `imagerevisionid` (`imagerevisionid`),
  KEY `managementnodeid` (`managementnodeid`),
  KEY `requestid` (`requestid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `reservationaccounts` (
  `reservationid` mediumint(8) unsigned NOT NULL,
  `userid` mediumint(8) unsigned NOT NULL,
  `password` varchar(50) NULL DEFAULT NULL,
  UNIQUE KEY `reservationid` (`reservationid`,`userid`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `resource` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `resourcetypeid` tinyint(5) unsigned NOT NULL DEFAULT 0,
  `subid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `resourcetypeid` (`resourcetypeid`,`subid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `resourcegroup` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(60) NOT NULL DEFAULT '',
  `ownerusergroupid` smallint(5) unsigned NOT NULL DEFAULT 39,
  `resourcetypeid` tinyint(3) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `resourcetypeid` (`resourcetypeid`,`name`),
  KEY `ownerusergroupid` (`ownerusergroupid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `resourcegroupmembers` (
  `resourceid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `resourcegroupid` smallint(5) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`resourceid`,`resourcegroupid`),
  KEY `resourcegroupid` (`resourcegroupid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `resourcemap` (
  `resourcegroupid1` smallint(5) unsigned NOT NULL DEFAULT 0,
  `resourcetypeid1` tinyint(3) unsigned NOT NULL DEFAULT 13,
  `resourcegroupid2` smallint(5) unsigned NOT NULL DEFAULT 0,
  `resourcetypeid2` tinyint(3) unsigned NOT NULL DEFAULT 12,
  PRIMARY KEY (`resourcegroupid1`,`resourcegroupid2`),
  KEY `resourcegroupid2` (`resourcegroupid2`),
  KEY `resourcetypeid1` (`resourcetypeid1`),
  KEY `resourcetypeid2` (`resourcetypeid2`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `resourcepriv` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `resourcegroupid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `privnodeid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `type` enum('block','cascade','available','administer','manageGroup','manageMapping') NOT NULL DEFAULT 'block',
  PRIMARY KEY (`id`),
  UNIQUE KEY `resourcegroupid` (`resourcegroupid`,`privnodeid`,`type`),
  KEY `privnodeid` (`privnodeid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `resourcetype` (
  `id` tinyint(5) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(50) NOT NULL DEFAULT '',
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `schedule` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(25) NOT NULL DEFAULT '',
  `ownerid` mediumint(8) unsigned NOT NULL DEFAULT 1,
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`),
  KEY `ownerid` (`ownerid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `scheduletimes` (
  `scheduleid` tinyint(3) unsigned NOT NULL DEFAULT 0,
  `start` smallint(5) unsigned NOT NULL DEFAULT 0,
  `end` smallint(5) unsigned NOT NULL DEFAULT 0,
  KEY `scheduleid` (`scheduleid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `semaphore` (
  `computerid` smallint(5) unsigned NOT NULL,
  `imageid` smallint(5) unsigned NOT NULL,
  `imagerevisionid` mediumint(8) unsigned NOT NULL,
  `managementnodeid` smallint(5) unsigned NOT NULL,
  `expires` timestamp NOT NULL DEFAULT current_timestamp() on update current_timestamp(),
  `procid` varchar(255) NOT NULL,
  KEY `computerid` (`computerid`),
  KEY `expires` (`expires`),
  KEY `imageid` (`imageid`),
  KEY `imagerevisionid` (`imagerevisionid`),
  KEY `managementnodeid` (`managementnodeid`),
  KEY `procid` (`procid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `serverprofile` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL,
  `description` text NOT NULL,
  `imageid` smallint(5) unsigned NOT NULL,
  `ownerid` mediumint(8) unsigned NOT NULL,
  `ending` enum('specified','indefinite') NOT NULL DEFAULT 'specified',
  `fixedIP` varchar(15) NULL DEFAULT NULL,
  `fixedMAC` varchar(17) NULL DEFAULT NULL,
  `admingroupid` smallint(5) unsigned NULL DEFAULT NULL,
  `logingroupid` smallint(5) unsigned NULL DEFAULT NULL,
  `monitored` tinyint(1) unsigned NOT NULL DEFAULT 0,
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`),
  KEY `admingroupid` (`admingroupid`),
  KEY `imageid` (`imageid`),
  KEY `logingroupid` (`logingroupid`),
  KEY `ownerid` (`ownerid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `serverrequest` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL,
  `serverprofileid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `requestid` mediumint(8) unsigned NOT NULL,
  `fixedIP` varchar(15) NULL DEFAULT NULL,
  `fixedMAC` varchar(17) NULL DEFAULT NULL,
  `admingroupid` smallint(5) unsigned NULL DEFAULT NULL,
  `logingroupid` smallint(5) unsigned NULL DEFAULT NULL,
  `monitored` tinyint(1) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `requestid` (`requestid`),
  KEY `admingroupid` (`admingroupid`),
  KEY `logingroupid` (`logingroupid`),
  KEY `serverprofileid` (`serverprofileid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `shibauth` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `userid` mediumint(8) unsigned NOT NULL,
  `ts` datetime NOT NULL,
  `sessid` varchar(80) NOT NULL,
  `data` text NOT NULL,
  PRIMARY KEY (`id`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `sitemaintenance` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `start` datetime NOT NULL,
  `end` datetime NOT NULL,
  `ownerid` mediumint(8) unsigned NOT NULL,
  `created` datetime NOT NULL,
  `reason` text NULL DEFAULT NULL,
  `usermessage` text NOT NULL,
  `informhoursahead` smallint(5) unsigned NOT NULL,
  `allowreservations` tinyint(1) unsigned NOT NULL,
  PRIMARY KEY (`id`),
  KEY `end` (`end`),
  KEY `ownerid` (`ownerid`),
  KEY `start` (`start`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `state` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(20) NOT NULL DEFAULT '',
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `statgraphcache` (
  `graphtype` enum('totalres','concurres','concurblade','concurvm') NOT NULL,
  `statdate` date NOT NULL,
  `affiliationid` mediumint(8) unsigned NULL DEFAULT NULL,
  `value` mediumint(8) unsigned NOT NULL,
  `provisioningid` smallint(5) unsigned NULL DEFAULT NULL,
  KEY `affiliationid` (`affiliationid`),
  KEY `graphtype` (`graphtype`),
  KEY `provisioningid` (`provisioningid`),
  KEY `statdate` (`statdate`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `subimages` (
  `imagemetaid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `imageid` smallint(5) unsigned NOT NULL DEFAULT 0,
  KEY `imageid` (`imageid`),
  KEY `imagemetaid` (`imagemetaid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `sublog` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `logid` int(10) unsigned NOT NULL DEFAULT 0,
  `imageid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `imagerevisionid` mediumint(8) unsigned NOT NULL,
  `computerid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `IPaddress` varchar(15) NULL DEFAULT NULL,
  `managementnodeid` smallint(5) unsigned NOT NULL DEFAULT 0,
  `predictivemoduleid` smallint(5) unsigned NOT NULL DEFAULT 8,
  `hostcomputerid` smallint(5) unsigned NULL DEFAULT NULL,
  `blockRequestid` mediumint(8) unsigned NULL DEFAULT NULL,
  `blockStart` datetime NULL DEFAULT NULL,
  `blockEnd` datetime NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `blockRequestid` (`blockRequestid`),
  KEY `computerid` (`computerid`),
  KEY `hostcomputerid` (`hostcomputerid`),
  KEY `imageid` (`imageid`),
  KEY `imagerevisionid` (`imagerevisionid`),
  KEY `logid` (`logid`),
  KEY `managementnodeid` (`managementnodeid`),
  KEY `predictivemoduleid` (`predictivemoduleid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `user` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `uid` int(10) unsigned NULL DEFAULT NULL,
  `unityid` varchar(80) NOT NULL DEFAULT '',
  `affiliationid` mediumint(8) unsigned NOT NULL DEFAULT 1,
  `firstname` varchar(20) NOT NULL DEFAULT '',
  `lastname` varchar(25) NOT NULL DEFAULT '',
  `preferredname` varchar(25) NULL DEFAULT NULL,
  `email` varchar(80) NOT NULL,
  `emailnotices` tinyint(1) unsigned NOT NULL DEFAULT 1,
  `IMtypeid` tinyint(3) unsigned NULL DEFAULT NULL,
  `IMid` varchar(80) NULL DEFAULT NULL,
  `adminlevelid` tinyint(3) unsigned NOT NULL DEFAULT 1,
  `width` smallint(4) unsigned NOT NULL DEFAULT 1024,
  `height` smallint(4) unsigned NOT NULL DEFAULT 768,
  `bpp` tinyint(2) unsigned NOT NULL DEFAULT 16,
  `audiomode` enum('none','local') NOT NULL DEFAULT 'local',
  `mapdrives` tinyint(1) unsigned NOT NULL DEFAULT 1,
  `mapprinters` tinyint(1) unsigned NOT NULL DEFAULT 1,
  `mapserial` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `rdpport` smallint(5) unsigned NULL DEFAULT NULL,
  `showallgroups` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `lastupdated` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `validated` tinyint(1) unsigned NOT NULL DEFAULT 1,
  `usepublickeys` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `sshpublickeys` text NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uid` (`uid`),
  UNIQUE KEY `unityid` (`unityid`,`affiliationid`),
  KEY `affiliationid` (`affiliationid`),
  KEY `IMtypeid` (`IMtypeid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `usergroup` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(60) NOT NULL,
  `affiliationid` mediumint(8) unsigned NULL DEFAULT NULL,
  `ownerid` mediumint(8) unsigned NULL DEFAULT NULL,
  `editusergroupid` smallint(5) unsigned NULL DEFAULT NULL,
  `custom` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `courseroll` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `initialmaxtime` mediumint(8) unsigned NOT NULL DEFAULT 240,
  `totalmaxtime` mediumint(8) unsigned NOT NULL DEFAULT 360,
  `maxextendtime` mediumint(8) unsigned NOT NULL DEFAULT 60,
  `overlapResCount` smallint(5) unsigned NOT NULL DEFAULT 0,
  UNIQUE KEY `name` (`name`,`affiliationid`),
  PRIMARY KEY (`id`),
  KEY `affiliationid` (`affiliationid`),
  KEY `editusergroupid` (`editusergroupid`),
  KEY `ownerid` (`ownerid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `usergroupmembers` (
  `userid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `usergroupid` smallint(5) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`userid`,`usergroupid`),
  KEY `usergroupid` (`usergroupid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `usergrouppriv` (
  `usergroupid` smallint(5) unsigned NOT NULL,
  `userprivtypeid` tinyint(3) unsigned NOT NULL,
  UNIQUE KEY `usergroupid` (`usergroupid`,`userprivtypeid`),
  KEY `userprivtypeid` (`userprivtypeid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `usergroupprivtype` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(50) NOT NULL,
  `help` text NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `userpriv` (
  `id` mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  `userid` mediumint(8) unsigned NULL DEFAULT NULL,
  `usergroupid` smallint(5) unsigned NULL DEFAULT NULL,
  `privnodeid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `userprivtypeid` smallint(5) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`,`privnodeid`,`userprivtypeid`),
  UNIQUE KEY `usergroupid` (`usergroupid`,`privnodeid`,`userprivtypeid`),
  UNIQUE KEY `userid` (`userid`,`privnodeid`,`userprivtypeid`),
  KEY `privnodeid` (`privnodeid`),
  KEY `userprivtypeid` (`userprivtypeid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `userprivtype` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(50) NOT NULL DEFAULT '',
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `variable` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(128) NOT NULL,
  `serialization` enum('none','yaml','phpserialize') NOT NULL DEFAULT 'none',
  `value` longtext NOT NULL,
  `setby` varchar(128) NULL DEFAULT NULL,
  `timestamp` datetime NOT NULL,
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `vcldsemaphore` (
  `identifier` varchar(256) NOT NULL,
  `reservationid` mediumint(9) unsigned NOT NULL,
  `pid` mediumint(8) unsigned NOT NULL,
  `expires` datetime NOT NULL,
  PRIMARY KEY (`identifier`),
  KEY `reservationid` (`reservationid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `vmhost` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `computerid` smallint(5) unsigned NOT NULL,
  `vmprofileid` smallint(5) unsigned NOT NULL,
  UNIQUE KEY `computerid_vmprofileid` (`computerid`,`vmprofileid`),
  PRIMARY KEY (`id`),
  KEY `vmprofileid` (`vmprofileid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `vmprofile` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `profilename` varchar(56) NOT NULL,
  `imageid` smallint(5) unsigned NOT NULL,
  `resourcepath` varchar(256) NULL DEFAULT NULL,
  `folderpath` varchar(256) NULL DEFAULT NULL,
  `repositorypath` varchar(128) NULL DEFAULT NULL,
  `repositoryimagetypeid` smallint(5) unsigned NOT NULL DEFAULT 1,
  `datastorepath` varchar(128) NOT NULL,
  `datastoreimagetypeid` smallint(5) unsigned NOT NULL DEFAULT 1,
  `vmpath` varchar(128) NULL DEFAULT NULL,
  `virtualswitch0` varchar(80) NOT NULL DEFAULT 'VMnet0',
  `virtualswitch1` varchar(80) NOT NULL DEFAULT 'VMnet2',
  `virtualswitch2` varchar(80) NULL DEFAULT NULL,
  `virtualswitch3` varchar(80) NULL DEFAULT NULL,
  `vmdisk` enum('dedicated','shared') NOT NULL DEFAULT 'dedicated',
  `username` varchar(80) NULL DEFAULT NULL,
  `password` varchar(256) NULL DEFAULT NULL,
  `secretid` smallint(5) unsigned NULL DEFAULT NULL,
  `eth0generated` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `eth1generated` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `rsapub` text NULL DEFAULT NULL,
  `rsakey` varchar(256) NULL DEFAULT NULL,
  `encryptedpasswd` text NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `profilename` (`profilename`),
  KEY `datastoreimagetypeid` (`datastoreimagetypeid`),
  KEY `imageid` (`imageid`),
  KEY `repositoryimagetypeid` (`repositoryimagetypeid`),
  KEY `secretid` (`secretid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `vmtype` (
  `id` tinyint(3) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(30) NOT NULL,
  UNIQUE KEY `name` (`name`),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `winKMS` (
  `affiliationid` mediumint(8) unsigned NOT NULL,
  `address` varchar(50) NOT NULL,
  `port` smallint(5) unsigned NOT NULL DEFAULT 1688,
  UNIQUE KEY `affiliationid_address` (`affiliationid`,`address`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `winProductKey` (
  `affiliationid` mediumint(8) unsigned NOT NULL,
  `productname` varchar(100) NOT NULL,
  `productkey` varchar(100) NOT NULL,
  UNIQUE KEY `affiliationid_productname` (`affiliationid`,`productname`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `xmlrpcLog` (
  `xmlrpcKeyid` mediumint(8) unsigned NOT NULL DEFAULT 0,
  `timestamp` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `IPaddress` varchar(15) NULL DEFAULT NULL,
  `method` varchar(60) NULL DEFAULT NULL,
  `apiversion` tinyint(3) unsigned NOT NULL DEFAULT 1,
  `comments` text NULL DEFAULT NULL,
  KEY `timestamp` (`timestamp`),
  KEY `xmlrpcKeyid` (`xmlrpcKeyid`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

ALTER TABLE `blockComputers`
  ADD FOREIGN KEY (`blockTimeid`) REFERENCES `blockTimes` (`id`) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD FOREIGN KEY (`computerid`) REFERENCES `computer` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT;

ALTER TABLE `blockRequest`
  ADD FOREIGN KEY (`groupid`) REFERENCES `usergroup` (`id`) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`managementnodeid`) REFERENCES `managementnode` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`ownerid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `blockTimes`
  ADD FOREIGN KEY (`blockRequestid`) REFERENCES `blockRequest` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `blockWebDate`
  ADD FOREIGN KEY (`blockRequestid`) REFERENCES `blockRequest` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `blockWebTime`
  ADD FOREIGN KEY (`blockRequestid`) REFERENCES `blockRequest` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `changelog`
  ADD FOREIGN KEY (`computerid`) REFERENCES `computer` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`logid`) REFERENCES `log` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `clickThroughs`
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imagerevisionid`) REFERENCES `imagerevision` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `computer`
  ADD FOREIGN KEY (`currentimageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imagerevisionid`) REFERENCES `imagerevision` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`nextimageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`ownerid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`platformid`) REFERENCES `platform` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`predictivemoduleid`) REFERENCES `module` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`provisioningid`) REFERENCES `provisioning` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`scheduleid`) REFERENCES `schedule` (`id`) ON UPDATE RESTRICT ON DELETE SET NULL,
  ADD FOREIGN KEY (`stateid`) REFERENCES `state` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`vmhostid`) REFERENCES `vmhost` (`id`) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE `computerloadflow`
  ADD FOREIGN KEY (`computerloadstateid`) REFERENCES `computerloadstate` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`nextstateid`) REFERENCES `computerloadstate` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `computerloadlog`
  ADD FOREIGN KEY (`computerid`) REFERENCES `computer` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`loadstateid`) REFERENCES `computerloadstate` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`reservationid`) REFERENCES `reservation` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;

ALTER TABLE `connectlog`
  ADD FOREIGN KEY (`logid`) REFERENCES `log` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `connectmethodmap`
  ADD FOREIGN KEY (`connectmethodid`) REFERENCES `connectmethod` (`id`) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD FOREIGN KEY (`imagerevisionid`) REFERENCES `imagerevision` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`OSid`) REFERENCES `OS` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`OStypeid`) REFERENCES `OStype` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `connectmethodport`
  ADD FOREIGN KEY (`connectmethodid`) REFERENCES `connectmethod` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `continuations`
  ADD FOREIGN KEY (`parentid`) REFERENCES `continuations` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE,
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `cryptsecret`
  ADD FOREIGN KEY (`cryptkeyid`) REFERENCES `cryptkey` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;

ALTER TABLE `image`
  ADD FOREIGN KEY (`basedoffrevisionid`) REFERENCES `imagerevision` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imagemetaid`) REFERENCES `imagemeta` (`id`) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD FOREIGN KEY (`imagetypeid`) REFERENCES `imagetype` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`OSid`) REFERENCES `OS` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`ownerid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`platformid`) REFERENCES `platform` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `imagerevision`
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `imagerevisioninfo`
  ADD FOREIGN KEY (`imagerevisionid`) REFERENCES `imagerevision` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `localauth`
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `log`
  ADD FOREIGN KEY (`computerid`) REFERENCES `computer` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `loginlog`
  ADD FOREIGN KEY (`affiliationid`) REFERENCES `affiliation` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `managementnode`
  ADD FOREIGN KEY (`imagelibgroupid`) REFERENCES `resourcegroup` (`id`) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD FOREIGN KEY (`ownerid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`stateid`) REFERENCES `state` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `nathost`
  ADD FOREIGN KEY (`resourceid`) REFERENCES `resource` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `nathostcomputermap`
  ADD FOREIGN KEY (`computerid`) REFERENCES `computer` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`nathostid`) REFERENCES `nathost` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `natlog`
  ADD FOREIGN KEY (`nathostresourceid`) REFERENCES `resource` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`sublogid`) REFERENCES `sublog` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `natport`
  ADD FOREIGN KEY (`connectmethodportid`) REFERENCES `connectmethodport` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`nathostid`) REFERENCES `nathost` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`reservationid`) REFERENCES `reservation` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;

ALTER TABLE `oneclick`
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT;

ALTER TABLE `openstackcomputermap`
  ADD FOREIGN KEY (`computerid`) REFERENCES `computer` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT;

ALTER TABLE `openstackimagerevision`
  ADD FOREIGN KEY (`imagerevisionid`) REFERENCES `imagerevision` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `OS`
  ADD FOREIGN KEY (`installtype`) REFERENCES `OSinstalltype` (`name`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`moduleid`) REFERENCES `module` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`type`) REFERENCES `OStype` (`name`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `privnode`
  ADD FOREIGN KEY (`parent`) REFERENCES `privnode` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `provisioning`
  ADD FOREIGN KEY (`moduleid`) REFERENCES `module` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `provisioningOSinstalltype`
  ADD FOREIGN KEY (`OSinstalltypeid`) REFERENCES `OSinstalltype` (`id`) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD FOREIGN KEY (`provisioningid`) REFERENCES `provisioning` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `querylog`
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `request`
  ADD FOREIGN KEY (`laststateid`) REFERENCES `state` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`logid`) REFERENCES `log` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`stateid`) REFERENCES `state` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `reservation`
  ADD FOREIGN KEY (`computerid`) REFERENCES `computer` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imagerevisionid`) REFERENCES `imagerevision` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`managementnodeid`) REFERENCES `managementnode` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`requestid`) REFERENCES `request` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;

ALTER TABLE `reservationaccounts`
  ADD FOREIGN KEY (`reservationid`) REFERENCES `reservation` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE,
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `resource`
  ADD FOREIGN KEY (`resourcetypeid`) REFERENCES `resourcetype` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `resourcegroup`
  ADD FOREIGN KEY (`ownerusergroupid`) REFERENCES `usergroup` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`resourcetypeid`) REFERENCES `resourcetype` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `resourcegroupmembers`
  ADD FOREIGN KEY (`resourcegroupid`) REFERENCES `resourcegroup` (`id`) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD FOREIGN KEY (`resourceid`) REFERENCES `resource` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `resourcemap`
  ADD FOREIGN KEY (`resourcegroupid1`) REFERENCES `resourcegroup` (`id`) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD FOREIGN KEY (`resourcegroupid2`) REFERENCES `resourcegroup` (`id`) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD FOREIGN KEY (`resourcetypeid1`) REFERENCES `resourcetype` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`resourcetypeid2`) REFERENCES `resourcetype` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `resourcepriv`
  ADD FOREIGN KEY (`privnodeid`) REFERENCES `privnode` (`id`) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD FOREIGN KEY (`resourcegroupid`) REFERENCES `resourcegroup` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `schedule`
  ADD FOREIGN KEY (`ownerid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `scheduletimes`
  ADD FOREIGN KEY (`scheduleid`) REFERENCES `schedule` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `semaphore`
  ADD FOREIGN KEY (`computerid`) REFERENCES `computer` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imagerevisionid`) REFERENCES `imagerevision` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`managementnodeid`) REFERENCES `managementnode` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT;

ALTER TABLE `serverprofile`
  ADD FOREIGN KEY (`admingroupid`) REFERENCES `usergroup` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`logingroupid`) REFERENCES `usergroup` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`ownerid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `serverrequest`
  ADD FOREIGN KEY (`admingroupid`) REFERENCES `usergroup` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`logingroupid`) REFERENCES `usergroup` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`requestid`) REFERENCES `request` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;

ALTER TABLE `shibauth`
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `statgraphcache`
  ADD FOREIGN KEY (`affiliationid`) REFERENCES `affiliation` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`provisioningid`) REFERENCES `provisioning` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `subimages`
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imagemetaid`) REFERENCES `imagemeta` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `sublog`
  ADD FOREIGN KEY (`blockRequestid`) REFERENCES `blockRequest` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`computerid`) REFERENCES `computer` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`hostcomputerid`) REFERENCES `computer` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imagerevisionid`) REFERENCES `imagerevision` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`logid`) REFERENCES `log` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`managementnodeid`) REFERENCES `managementnode` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`predictivemoduleid`) REFERENCES `module` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `user`
  ADD FOREIGN KEY (`affiliationid`) REFERENCES `affiliation` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`IMtypeid`) REFERENCES `IMtype` (`id`) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE `usergroup`
  ADD FOREIGN KEY (`affiliationid`) REFERENCES `affiliation` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`editusergroupid`) REFERENCES `usergroup` (`id`) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD FOREIGN KEY (`ownerid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `usergroupmembers`
  ADD FOREIGN KEY (`usergroupid`) REFERENCES `usergroup` (`id`) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `usergrouppriv`
  ADD FOREIGN KEY (`usergroupid`) REFERENCES `usergroup` (`id`) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD FOREIGN KEY (`userprivtypeid`) REFERENCES `usergroupprivtype` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `userpriv`
  ADD FOREIGN KEY (`privnodeid`) REFERENCES `privnode` (`id`) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD FOREIGN KEY (`usergroupid`) REFERENCES `usergroup` (`id`) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD FOREIGN KEY (`userid`) REFERENCES `user` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`userprivtypeid`) REFERENCES `userprivtype` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `vcldsemaphore`
  ADD FOREIGN KEY (`reservationid`) REFERENCES `reservation` (`id`) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE `vmhost`
  ADD FOREIGN KEY (`computerid`) REFERENCES `computer` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`vmprofileid`) REFERENCES `vmprofile` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `vmprofile`
  ADD FOREIGN KEY (`datastoreimagetypeid`) REFERENCES `imagetype` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD FOREIGN KEY (`imageid`) REFERENCES `image` (`id`) ON UPDATE RESTRICT ON DELETE RESTRICT,
  ADD FOREIGN KEY (`repositoryimagetypeid`) REFERENCES `imagetype` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `winKMS`
  ADD FOREIGN KEY (`affiliationid`) REFERENCES `affiliation` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE `winProductKey`
  ADD FOREIGN KEY (`affiliationid`) REFERENCES `affiliation` (`id`) ON UPDATE CASCADE ON DELETE RESTRICT;
