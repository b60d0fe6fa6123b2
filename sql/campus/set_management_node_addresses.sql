-- Gives all management nodes the same addresses.
-- Parameters: sysadminEmailAddress, sharedMailBox.
UPDATE `managementnode` SET `sysadminEmailAddress` = ?, `sharedMailBox` = ?
