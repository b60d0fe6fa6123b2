-- A mail that a report is about: status, who gets it, owner, blind recipients, whether a deliverer has it. Locked until
-- the transaction ends.
-- Parameters: mail id.
SELECT status, recipient, owner_id, blind_recipients, COALESCE(claimed_until > NOW(), 0)
FROM expireimage_mail WHERE id = ? FOR UPDATE
