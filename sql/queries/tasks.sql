-- The tasks on record, newest first: as in `task`, and the id of the owner of the image.
-- Parameters: image name or NULL twice, revision id or NULL twice (either is enough), whether all images are asked for,
-- whether also what is deleted or expired, most rows.
SELECT t.id, t.type, t.status, t.image_name, t.revision_id, t.root_id, t.root, t.node, t.requested_by, t.user_id, t.request_id,
  t.parent_id, t.created, t.updated, t.ended, t.expires, t.deleted, t.bytes_done, t.bytes_total, t.message, t.input, t.result,
  t.scope, t.fence, t.attempts, t.worker, t.pid, t.process_start, t.boot_id, TIMESTAMPDIFF(SECOND, t.updated, NOW()),
  t.not_before,
  (SELECT i.ownerid FROM imagerevision r JOIN image i ON i.id = r.imageid WHERE r.id = t.revision_id)
FROM expireimage_task t
WHERE ((? IS NOT NULL AND t.image_name = ?) OR (? IS NOT NULL AND t.revision_id = ?)
    OR ? = 1)
  AND (? = 1 OR (t.deleted IS NULL AND (t.expires IS NULL OR t.expires > NOW())))
ORDER BY t.id DESC
LIMIT ?
