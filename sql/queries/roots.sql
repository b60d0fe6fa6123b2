-- The roots of all nodes: id, node, name, path, role, layout, limit, time to live, stall time, priority, enabled, disk paths,
-- marker.
-- No parameters.
SELECT id, node, name, path, role, layout, limit_bytes, ttl_seconds, stall_seconds, priority, enabled, disk_paths, marker
FROM expireimage_root ORDER BY node, name
