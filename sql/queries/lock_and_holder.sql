-- A lock, held until the transaction ends, with the task that has it: fence, then the task as in `task`, NULL when it is
-- free. A task that has ended, or is gone, has nothing.
-- Parameters: scope.
SELECT l.fence, t.id, t.type, t.status, t.image_name, t.revision_id, t.root_id, t.root, t.node, t.requested_by, t.user_id,
  t.request_id, t.parent_id, t.created, t.updated, t.ended, t.expires, t.deleted, t.bytes_done, t.bytes_total, t.message,
  t.input, t.result, t.scope, t.fence, t.attempts, t.worker, t.pid, t.process_start, t.boot_id,
  TIMESTAMPDIFF(SECOND, t.updated, NOW()), t.not_before
FROM expireimage_lock l
LEFT JOIN expireimage_task t ON t.id = l.task_id AND t.status IN ('pending', 'processing')
WHERE l.scope = ? FOR UPDATE
