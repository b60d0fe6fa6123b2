-- The tasks on record, newest first: as in `task`, and of the revision, as VCL has it: the id of its owner, its own id (NULL: it is
-- gone), the user name and the affiliation of its owner.
-- Parameters: image name or NULL twice, revision id or NULL twice (either is enough), whether all images are asked for,
-- whether also what is deleted or expired, most rows.
SELECT t.id, t.type, t.status, t.image_name, t.revision_id, t.root_id, t.root, t.node, t.requested_by, t.user_id, t.request_id,
  t.parent_id, t.created, t.updated, t.ended, t.expires, t.deleted, t.bytes_done, t.bytes_total, t.message, t.input, t.result,
  t.scope, t.fence, t.attempts, t.worker, t.pid, t.process_start, t.boot_id, TIMESTAMPDIFF(SECOND, t.updated, NOW()),
  t.not_before,
  i.ownerid, r.id, u.unityid, a.name
FROM expireimage_task t
LEFT JOIN imagerevision r ON r.id = t.revision_id
LEFT JOIN image i ON i.id = r.imageid
LEFT JOIN user u ON u.id = i.ownerid
LEFT JOIN affiliation a ON a.id = u.affiliationid
WHERE ((? IS NOT NULL AND t.image_name = ?) OR (? IS NOT NULL AND t.revision_id = ?)
    OR ? = 1)
  AND (? = 1 OR (t.deleted IS NULL AND (t.expires IS NULL OR t.expires > NOW())))
ORDER BY t.id DESC
LIMIT ?
