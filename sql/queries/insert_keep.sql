-- Keeps a revision until a day (NULL: without an end).
-- Parameters: revision id, until, origin, reason, set by, set at.
INSERT INTO expireimage_keep (revision_id, until, origin, reason, set_by, set_at) VALUES (?, ?, ?, ?, ?, ?)
