-- Sets a variable, with or without an affiliation in its name.
-- Parameters: name, serialization, value, timestamp.
INSERT INTO `variable` (`name`, `serialization`, `value`, `setby`, `timestamp`) VALUES (?, ?, ?, NULL, ?)
ON DUPLICATE KEY UPDATE `serialization` = VALUES(`serialization`), `value` = VALUES(`value`), `timestamp` = VALUES(`timestamp`)
