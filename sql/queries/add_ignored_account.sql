-- Tells the triggers to leave out the reservations of an account.
-- Parameters: user id.
INSERT IGNORE INTO expireimage_ignored (user_id) VALUES (?)
