-- The next mail to the same owner that was sent or is to be sent, which says what is true now.
-- Parameters: mail id.
SELECT MIN(n.id)
FROM expireimage_mail m
JOIN expireimage_mail n ON n.owner_id <=> m.owner_id AND n.id > m.id
WHERE m.id = ? AND m.recipient <> 'summary' AND n.recipient IN ('owner', 'admin')
  AND n.status IN ('pending', 'accepted', 'deferred', 'unknown')
