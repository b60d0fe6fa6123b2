-- One row for each recipient at whom a mail has arrived, as far as is known.
-- Parameters: mail id.
SELECT address FROM expireimage_recipient
WHERE mail_id = ? AND reply_code BETWEEN 200 AND 299 AND bounced_at IS NULL
