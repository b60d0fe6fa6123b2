-- Adds a root.
-- Parameters: node, name, path, role, layout, limit, time to live, stall time, priority, enabled, disk paths, marker, by whom.
INSERT INTO expireimage_root (node, name, path, role, layout, limit_bytes, ttl_seconds, stall_seconds, priority, enabled,
  disk_paths, marker, added, added_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NOW(), ?)
