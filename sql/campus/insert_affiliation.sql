-- Adds an affiliation.
-- Parameters: name, sitewwwaddress, helpaddress.
INSERT INTO `affiliation`
  (`name`, `shibname`, `dataUpdateText`, `sitewwwaddress`, `helpaddress`, `shibonly`, `theme`)
VALUES (?, NULL, '', ?, ?, 0, NULL)
