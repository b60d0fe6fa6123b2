-- The mails of one status whose time has come and that no other deliverer has, the oldest first: id, owner, who gets
-- it, sender, recipients, blind recipients, attempts, first tried at, message. Locked until the transaction ends; rows
-- that others lock are left out.
-- Parameters: status, now, how many at most.
SELECT m.id, m.owner_id, m.recipient, m.sender, m.recipients, m.blind_recipients, m.attempts, m.first_tried_at, t.message
FROM expireimage_mail m
LEFT JOIN expireimage_message t ON t.mail_id = m.id
WHERE m.status = ? AND (m.next_try_at IS NULL OR m.next_try_at <= ?)
  AND (m.claimed_until IS NULL OR m.claimed_until <= NOW())
ORDER BY m.id LIMIT ?
FOR UPDATE SKIP LOCKED
