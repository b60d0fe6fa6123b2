-- A task that has not ended, locked until the transaction ends: as in `task`.
-- Parameters: task id.
SELECT t.id, t.type, t.status, t.image_name, t.revision_id, t.root_id, t.root, t.node, t.requested_by, t.user_id, t.request_id,
  t.parent_id, t.created, t.updated, t.ended, t.expires, t.deleted, t.bytes_done, t.bytes_total, t.message, t.input, t.result,
  t.scope, t.fence, t.attempts, t.worker, t.pid, t.process_start, t.boot_id, TIMESTAMPDIFF(SECOND, t.updated, NOW()),
  t.not_before
FROM expireimage_task t WHERE t.id = ? AND t.status IN ('pending', 'processing') FOR UPDATE
