-- Adds a parameter that has no row yet.
-- Parameters: name, value, who, when.
INSERT IGNORE INTO variable (name, serialization, value, setby, timestamp) VALUES (?, 'none', ?, ?, ?)
