-- Records that a mail did not arrive at a recipient.
-- Parameters: bounced at, code, text, mail id, address.
UPDATE expireimage_recipient SET bounced_at = ?, bounce_code = ?, bounce_text = ?
WHERE mail_id = ? AND address = ? AND bounced_at IS NULL
