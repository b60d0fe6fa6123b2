-- The whole mail as it is sent; NULL while it is being composed.
-- Parameters: mail id.
SELECT message FROM expireimage_mail WHERE id = ?
