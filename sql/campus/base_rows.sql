-- What every VCL 2.5 database holds before its first image, as far as this program or a foreign key can meet it, with
-- ids that are VCL's own. Added to it: one management node and one idle computer (ids 1), which a site has before it has images.
-- A script for an empty schema. Foreign key checks are off inside it, because image, revision and user refer to each other.

SET FOREIGN_KEY_CHECKS = 0;

INSERT INTO `state` (`id`, `name`) VALUES
  (1, 'deleted'), (2, 'available'), (3, 'reserved'), (4, 'classreserved'), (5, 'failed'), (6, 'reloading'),
  (7, 'imageinuse'), (8, 'inuse'), (9, 'cleaning'), (10, 'maintenance'), (11, 'timeout'), (12, 'complete'),
  (13, 'new'), (14, 'pending'), (15, 'imageprep'), (16, 'image'), (17, 'makeproduction'), (18, 'tomaintenance'),
  (19, 'reload'), (20, 'vmhostinuse'), (21, 'tovmhostinuse'), (22, 'tohpc'), (23, 'hpc'), (24, 'checkpoint'),
  (25, 'serverinuse'), (26, 'rebootsoft'), (27, 'reinstall'), (28, 'reboothard'), (29, 'servermodified');

INSERT INTO `adminlevel` (`id`, `name`) VALUES (1, 'none'), (2, 'full'), (3, 'developer');

INSERT INTO `IMtype` (`id`, `name`) VALUES (1, 'none'), (2, 'jabber');

INSERT INTO `affiliation`
  (`id`, `name`, `shibname`, `dataUpdateText`, `sitewwwaddress`, `helpaddress`, `shibonly`, `theme`) VALUES
  (1, 'Local', NULL, '', NULL, NULL, 0, NULL),
  (2, 'Global', NULL, '', 'https://vcl.example.edu', 'vcl-help@example.edu', 0, 'dropdownmenus');

INSERT INTO `user`
  (`id`, `uid`, `unityid`, `affiliationid`, `firstname`, `lastname`, `preferredname`, `email`, `emailnotices`,
   `IMtypeid`, `IMid`, `adminlevelid`, `width`, `height`, `bpp`, `audiomode`, `mapdrives`, `mapprinters`, `mapserial`,
   `rdpport`, `showallgroups`, `lastupdated`, `validated`, `usepublickeys`, `sshpublickeys`) VALUES
  (1, NULL, 'admin', 1, 'vcl', 'admin', '', 'root@localhost', 0,
   NULL, NULL, 3, 1024, 768, 16, 'local', 1, 1, 1, NULL, 1, '2007-05-17 09:58:39', 1, 0, NULL),
  (2, NULL, 'vclreload', 1, 'vcl', 'reload', NULL, '', 0,
   NULL, NULL, 1, 1024, 768, 16, 'local', 1, 1, 0, NULL, 0, '0000-00-00 00:00:00', 1, 0, NULL),
  (3, NULL, 'vclsystem', 1, 'vcl', 'system', NULL, '', 0,
   NULL, NULL, 1, 1024, 768, 16, 'local', 1, 1, 0, NULL, 0, '0000-00-00 00:00:00', 1, 0, NULL);

INSERT INTO `usergroup`
  (`id`, `name`, `affiliationid`, `ownerid`, `editusergroupid`, `custom`, `courseroll`, `initialmaxtime`,
   `totalmaxtime`, `maxextendtime`, `overlapResCount`) VALUES
  (1, 'global', 1, 1, 1, 1, 0, 240, 360, 60, 0),
  (3, 'adminUsers', 1, 1, 1, 1, 0, 480, 600, 180, 50),
  (4, 'manageNewImages', 1, 1, 3, 1, 0, 240, 360, 60, 0);

INSERT INTO `usergroupmembers` (`userid`, `usergroupid`) VALUES (1, 1), (1, 3), (1, 4);

INSERT INTO `OStype` (`id`, `name`) VALUES (1, 'windows'), (2, 'linux'), (3, 'unix'), (4, 'osx');

INSERT INTO `OSinstalltype` (`id`, `name`) VALUES
  (1, 'partimage'), (2, 'kickstart'), (3, 'none'), (4, 'vmware'), (5, 'vbox'), (6, 'openstack');

INSERT INTO `module` (`id`, `name`, `prettyname`, `description`, `perlpackage`) VALUES
  (1, 'provisioning_xcat', 'xCAT', '', 'VCL::Module::Provisioning::xCAT'),
  (3, 'provisioning_lab', 'Computing lab', '', 'VCL::Module::Provisioning::Lab'),
  (5, 'os_linux', 'Linux', '', 'VCL::Module::OS::Linux'),
  (8, 'predictive_level_0', 'Same image again', '', 'VCL::Module::Predictive::Level_0'),
  (9, 'predictive_level_1', 'Image in demand', '', 'VCL::Module::Predictive::Level_1'),
  (14, 'os_linux_ubuntu', 'Ubuntu', '', 'VCL::Module::OS::Linux::Ubuntu'),
  (15, 'os_unix_lab', 'Unix lab', '', 'VCL::Module::OS::Linux::UnixLab'),
  (21, 'provisioning_vmware', 'VMware', '', 'VCL::Module::Provisioning::VMware::VMware'),
  (23, 'base_module', 'Base', '', 'VCL::Module'),
  (25, 'os_esxi', 'ESXi', '', 'VCL::Module::OS::Linux::ESXi'),
  (27, 'provisioning_libvirt', 'libvirt', '', 'VCL::Module::Provisioning::libvirt'),
  (34, 'os_win10', 'Windows 10', '', 'VCL::Module::OS::Windows::Version_10::10'),
  (35, 'os_win2016', 'Windows Server 2016', '', 'VCL::Module::OS::Windows::Version_10::2016');

INSERT INTO `OS` (`id`, `name`, `prettyname`, `type`, `installtype`, `minram`, `sourcepath`, `moduleid`) VALUES
  (2, 'sun4x_58', 'Solaris 5.8 (Lab)', 'unix', 'none', 512, NULL, 15),
  (36, 'vmwarelinux', 'Generic Linux (VMware)', 'linux', 'vmware', 512, 'vmware_images', 5),
  (44, 'vmwareubuntu', 'Ubuntu (VMware)', 'linux', 'vmware', 512, 'vmware_images', 14),
  (50, 'centos7', 'CentOS 7 (Kickstart)', 'linux', 'kickstart', 1024, 'centos7', 5),
  (53, 'centos7image', 'CentOS 7 (Bare Metal) Image', 'linux', 'partimage', 1024, 'image', 5),
  (56, 'vmwarewin10', 'Windows 10.x (VMware)', 'windows', 'vmware', 2048, 'vmware_images', 34),
  (58, 'vmwarewin2016', 'Windows Server 2016 (VMware)', 'windows', 'vmware', 2048, 'vmware_images', 35);

INSERT INTO `platform` (`id`, `name`) VALUES (1, 'i386'), (3, 'ultrasparc'), (4, 'i386_lab');

INSERT INTO `imagetype` (`id`, `name`) VALUES
  (1, 'none'), (2, 'partimage'), (3, 'partimage-ng'), (4, 'lab'), (5, 'kickstart'), (6, 'vmdk'), (7, 'qcow2'), (8, 'vdi');

INSERT INTO `provisioning` (`id`, `name`, `prettyname`, `moduleid`) VALUES
  (1, 'xcat', 'xCAT', 1), (3, 'lab', 'Computing Lab', 3), (7, 'vmware', 'VMware', 21),
  (9, 'libvirt', 'Libvirt Virtualization API', 27), (10, 'none', 'None', 23);

INSERT INTO `provisioningOSinstalltype` (`provisioningid`, `OSinstalltypeid`) VALUES
  (1, 1), (1, 2), (3, 3), (7, 4), (9, 4);

INSERT INTO `vmtype` (`id`, `name`) VALUES (1, 'vmware'), (2, 'xen'), (6, 'vmwareESXi');

INSERT INTO `schedule` (`id`, `name`, `ownerid`) VALUES (1, 'VCL 24x7', 1);

INSERT INTO `scheduletimes` (`scheduleid`, `start`, `end`) VALUES (1, 0, 10080);

INSERT INTO `image`
  (`id`, `name`, `prettyname`, `ownerid`, `imagetypeid`, `platformid`, `OSid`, `imagemetaid`, `minram`, `minprocnumber`,
   `minprocspeed`, `minnetwork`, `maxconcurrent`, `reloadtime`, `deleted`, `test`, `lastupdate`, `forcheckout`,
   `maxinitialtime`, `project`, `size`, `architecture`, `description`, `usage`, `basedoffrevisionid`) VALUES
  (1, 'noimage', 'No Image', 1, 1, 1, 2, NULL, 0, 1, 0, 10, NULL, 0, 0, 0, NULL, 0, 0, 'vcl', 0, 'x86', NULL, NULL, NULL);

INSERT INTO `imagerevision`
  (`id`, `imageid`, `revision`, `userid`, `datecreated`, `deleted`, `datedeleted`, `production`, `comments`, `imagename`,
   `autocaptured`) VALUES
  (1, 1, 0, 1, '1980-01-01 00:00:00', 0, NULL, 1, NULL, 'noimage', 0);

INSERT INTO `resourcetype` (`id`, `name`) VALUES
  (12, 'computer'), (13, 'image'), (15, 'schedule'), (16, 'managementnode'), (17, 'serverprofile'), (18, 'addomain');

INSERT INTO `resource` (`id`, `resourcetypeid`, `subid`) VALUES (4, 13, 1), (8, 15, 1);

INSERT INTO `resourcegroup` (`id`, `name`, `ownerusergroupid`, `resourcetypeid`) VALUES
  (1, 'allComputers', 3, 12), (2, 'allImages', 3, 13), (3, 'allManagementNodes', 3, 16), (4, 'allSchedules', 3, 15);

INSERT INTO `resourcegroupmembers` (`resourceid`, `resourcegroupid`) VALUES (8, 4);

INSERT INTO `managementnode`
  (`id`, `IPaddress`, `hostname`, `ownerid`, `stateid`, `lastcheckin`, `checkininterval`, `installpath`,
   `imagelibenable`, `imagelibgroupid`, `imagelibuser`, `imagelibkey`, `keys`, `sshport`, `publicIPconfiguration`,
   `publicSubnetMask`, `publicDefaultGateway`, `publicDNSserver`, `sysadminEmailAddress`, `sharedMailBox`,
   `NOT_STANDALONE`, `availablenetworks`) VALUES
  (1, '10.0.0.1', 'vclmgt1.example.edu', 1, 2, '0000-00-00 00:00:00', 12, '/install',
   0, NULL, NULL, NULL, NULL, 22, 'dynamicDHCP',
   NULL, NULL, NULL, 'vcl-admin@example.edu', 'vcl-archive@example.edu', NULL, '');

INSERT INTO `computer`
  (`id`, `stateid`, `ownerid`, `platformid`, `scheduleid`, `vmhostid`, `currentimageid`, `nextimageid`,
   `imagerevisionid`, `RAM`, `procnumber`, `procspeed`, `network`, `hostname`, `IPaddress`, `privateIPaddress`,
   `eth0macaddress`, `eth1macaddress`, `type`, `provisioningid`, `drivetype`, `deleted`, `datedeleted`, `notes`,
   `lastcheck`, `location`, `dsa`, `dsapub`, `rsa`, `rsapub`, `host`, `hostpub`, `vmtypeid`, `predictivemoduleid`) VALUES
  (1, 2, 1, 1, 1, NULL, 1, 1, 1, 4096, 2, 2400, 1000, 'vm-0', '10.1.0.1', NULL,
   NULL, NULL, 'virtualmachine', 7, 'hda', 0, '0000-00-00 00:00:00', NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, 8);

INSERT INTO `vmprofile`
  (`id`, `profilename`, `imageid`, `resourcepath`, `folderpath`, `repositorypath`, `repositoryimagetypeid`,
   `datastorepath`, `datastoreimagetypeid`, `vmpath`, `virtualswitch0`, `virtualswitch1`, `virtualswitch2`,
   `virtualswitch3`, `vmdisk`, `username`, `password`, `secretid`, `eth0generated`, `eth1generated`, `rsapub`, `rsakey`,
   `encryptedpasswd`) VALUES
  (1, 'VMware ESXi - network storage', 1, NULL, NULL, NULL, 1, 'nfs-datastore', 6, 'nfs-datastore', 'Private', 'Public',
   NULL, NULL, 'shared', NULL, NULL, NULL, 0, 0, NULL, NULL, NULL);

INSERT INTO `variable` (`name`, `serialization`, `value`, `setby`, `timestamp`) VALUES
  ('schema-version', 'none', '1', NULL, '0000-00-00 00:00:00'),
  ('acknowledgetimeout', 'none', '900', NULL, '0000-00-00 00:00:00'),
  ('initialconnecttimeout', 'none', '900', NULL, '0000-00-00 00:00:00'),
  ('reconnecttimeout', 'none', '900', NULL, '0000-00-00 00:00:00'),
  ('general_inuse_check', 'none', '300', NULL, '0000-00-00 00:00:00'),
  ('ignored_remote_ip_addresses', 'none', '', NULL, '0000-00-00 00:00:00'),
  ('xcat|timeout_error_limit', 'none', '5', NULL, '0000-00-00 00:00:00'),
  ('user_password_length', 'none', '8', NULL, '0000-00-00 00:00:00'),
  ('usermessage|reserved|Global', 'yaml',
   '---\nmessage: |\n  Your [image_prettyname] reservation is ready.\n  \n  [user_affiliation_helpaddress]\nshort_message: ~\nsubject: ''Ready: [image_prettyname]''\n',
   NULL, '0000-00-00 00:00:00'),
  ('adminmessage|image_creation_failed', 'yaml',
   '---\nmessage: |\n  Capture of [image_name] failed.\nshort_message: ~\nsubject: "Capture failed: [image_name]"\n',
   NULL, '0000-00-00 00:00:00');

INSERT INTO `messagereset` (`name`, `value`) VALUES
  ('usermessage|reserved|Global',
   '---\nmessage: |\n  Your [image_prettyname] reservation is ready.\n  \n  [user_affiliation_helpaddress]\nshort_message: ~\nsubject: ''Ready: [image_prettyname]''\n'),
  ('adminmessage|image_creation_failed',
   '---\nmessage: |\n  Capture of [image_name] failed.\nshort_message: ~\nsubject: "Capture failed: [image_name]"\n');

SET FOREIGN_KEY_CHECKS = 1;
