-- Sets a parameter.
-- Parameters: name, value, who, when.
INSERT INTO variable (name, serialization, value, setby, timestamp) VALUES (?, 'none', ?, ?, ?)
ON DUPLICATE KEY UPDATE serialization = 'none', value = VALUES(value), setby = VALUES(setby),
  timestamp = VALUES(timestamp)
