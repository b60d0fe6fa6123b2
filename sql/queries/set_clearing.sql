-- Remembers whether the site wants triggers.
-- Parameters: 1 or 0.
INSERT INTO expireimage_clearing (id, by_triggers) VALUES (1, ?) ON DUPLICATE KEY UPDATE by_triggers = VALUES(by_triggers)
