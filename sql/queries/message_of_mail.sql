-- The whole mail as it is sent; no row while it is being composed.
-- Parameters: mail id.
SELECT message FROM expireimage_message WHERE mail_id = ?
