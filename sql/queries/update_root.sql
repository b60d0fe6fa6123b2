-- Changes what may be changed of a root.
-- Parameters: limit, time to live, stall time, priority, enabled, disk paths, root id.
UPDATE expireimage_root
SET limit_bytes = ?, ttl_seconds = ?, stall_seconds = ?, priority = ?, enabled = ?, disk_paths = ?
WHERE id = ?
