-- What the server said to each recipient of a mail: address, reply code, enhanced code, reply, when a report said that
-- it did not arrive, that report's code and text.
-- Parameters: mail id.
SELECT address, reply_code, enhanced_code, reply, bounced_at, bounce_code, bounce_text
FROM expireimage_recipient WHERE mail_id = ? ORDER BY address
