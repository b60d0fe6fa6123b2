-- Adds a server profile.
-- Parameters: name, imageid, ownerid.
INSERT INTO `serverprofile`
  (`name`, `description`, `imageid`, `ownerid`, `ending`, `fixedIP`, `fixedMAC`, `admingroupid`, `logingroupid`, `monitored`)
VALUES (?, '', ?, ?, 'indefinite', NULL, NULL, NULL, NULL, 0)
