-- Ends a mark.
-- Parameters: revision id.
DELETE FROM expireimage_mark WHERE revision_id = ?
