-- Adds a task.
-- Parameters: type, status, image name, revision id, root id, root, node, by whom, user id, request id, parent id, seconds
-- until it may begin or NULL, bytes in all, message, input, scope, fence, attempts, worker, pid, process start, boot id.
INSERT INTO expireimage_task (type, status, image_name, revision_id, root_id, root, node, requested_by, user_id, request_id,
  parent_id, created, updated, not_before, ended, expires, deleted, bytes_done, bytes_total, message, input, result, scope,
  fence, checks, attempts, worker, pid, process_start, boot_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NOW(), NOW(), NOW() + INTERVAL ? SECOND, NULL, NULL, NULL, 0, ?, ?, ?, NULL, ?, ?,
  0, ?, ?, ?, ?, ?)
