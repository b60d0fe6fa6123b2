-- The newest mail to the same owner, which says what is true now, if it came later and was not replaced or dropped.
-- Parameters: mail id.
SELECT MAX(n.id)
FROM expireimage_mail m
JOIN expireimage_mail n ON n.owner_id <=> m.owner_id AND n.id > m.id
WHERE m.id = ? AND m.recipient <> 'summary' AND n.recipient IN ('owner', 'admin')
  AND n.status NOT IN ('replaced', 'dropped')
