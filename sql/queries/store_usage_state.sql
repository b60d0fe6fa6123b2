-- Stores how far the usage was read.
-- Parameters: sublog id, changelog id, settled before, recorded since, ignored accounts.
INSERT INTO expireimage_usage_state (id, sublog_id, changelog_id, settled_before, recorded_since, ignored_users)
VALUES (1, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE sublog_id = VALUES(sublog_id), changelog_id = VALUES(changelog_id),
  settled_before = VALUES(settled_before), recorded_since = VALUES(recorded_since),
  ignored_users = VALUES(ignored_users)
