-- Tells the triggers that a revision has an expire date.
-- Parameters: revision id.
INSERT IGNORE INTO expireimage_expiring (revision_id) VALUES (?)
