-- The entries in the calendar of an owner: UID, sequence, day, revisions, whether it is cancelled.
-- Parameters: owner id (0: of images without an owner).
SELECT uid, sequence, day, revision_ids, is_cancelled FROM expireimage_calendar WHERE owner_id = ? ORDER BY day, uid
