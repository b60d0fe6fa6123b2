-- Notes that a migration begins, up or down.
-- Parameters: version, name.
INSERT INTO expireimage_migration (version, name, begun, completed) VALUES (?, ?, NOW(), NULL)
ON DUPLICATE KEY UPDATE begun = NOW(), completed = NULL
