-- Records what the server said to one recipient of a mail; a report about an earlier attempt says nothing about it.
-- Parameters: mail id, address, reply code, enhanced code, reply.
INSERT INTO expireimage_recipient (mail_id, address, reply_code, enhanced_code, reply)
VALUES (?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE reply_code = VALUES(reply_code), enhanced_code = VALUES(enhanced_code), reply = VALUES(reply),
  bounced_at = NULL, bounce_code = NULL, bounce_text = NULL
