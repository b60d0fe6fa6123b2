-- Writes down what a batch of removed entries took off the disk, or what it is by now.
-- Parameters: root id, removal, task id, entries, files, apparent bytes, allocated bytes, freed bytes.
INSERT INTO expireimage_removal (root_id, removal, task_id, recorded, entries, files, apparent_bytes, allocated_bytes,
  freed_bytes)
VALUES (?, ?, ?, NOW(), ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE recorded = NOW(), entries = VALUES(entries), files = VALUES(files),
  apparent_bytes = VALUES(apparent_bytes), allocated_bytes = VALUES(allocated_bytes), freed_bytes = VALUES(freed_bytes)
