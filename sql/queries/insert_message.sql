-- The text of a mail that has been completed.
-- Parameters: mail id, message.
INSERT INTO expireimage_message (mail_id, message) VALUES (?, ?)
