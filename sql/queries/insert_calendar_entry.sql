-- Stores an entry in the calendar of an owner.
-- Parameters: UID, owner id (0: of images without an owner), sequence, day, revisions, whether it is cancelled.
INSERT INTO expireimage_calendar (uid, owner_id, sequence, day, revision_ids, is_cancelled) VALUES (?, ?, ?, ?, ?, ?)
