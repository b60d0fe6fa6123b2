-- A mail that waits for delivery; its text is inserted beside it. Parameters: id, recipients, subject, message id.
INSERT INTO expireimage_mail (id, owner_id, recipient, status, sender, recipients, blind_recipients, subject, message_id,
  queued_on, queued_at)
VALUES (?, NULL, 'owner', 'pending', 'vcl@example.edu', ?, '', ?, ?, CURDATE(), NOW())
