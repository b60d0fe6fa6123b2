-- Tells the triggers that a revision has no expire date any more.
-- Parameters: revision id.
DELETE FROM expireimage_expiring WHERE revision_id = ?
