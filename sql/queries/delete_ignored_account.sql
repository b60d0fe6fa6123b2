-- Tells the triggers to count the reservations of an account again.
-- Parameters: user id.
DELETE FROM expireimage_ignored WHERE user_id = ?
