-- The mails of one status whose time has come and that no other deliverer has, the oldest first: id, owner, who gets
-- it, sender, recipients, blind recipients, attempts, first tried at, message. Locked until the transaction ends; rows
-- that others lock are left out.
-- Parameters: status, now, how many at most.
SELECT id, owner_id, recipient, sender, recipients, blind_recipients, attempts, first_tried_at, message
FROM expireimage_mail
WHERE status = ? AND (next_try_at IS NULL OR next_try_at <= ?) AND (claimed_until IS NULL OR claimed_until <= NOW())
ORDER BY id LIMIT ?
FOR UPDATE SKIP LOCKED
