-- A mail that waits for delivery. Parameters: recipients, subject, message id, message.
INSERT INTO expireimage_mail (owner_id, recipient, status, sender, recipients, blind_recipients, subject, message_id,
  message, queued_on, queued_at)
VALUES (NULL, 'owner', 'pending', 'vcl@example.edu', ?, '', ?, ?, ?, CURDATE(), NOW())
