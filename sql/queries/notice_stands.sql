-- One row if the notice on which a flag relies still counts: it was accepted and did not bounce since. Its mail is
-- locked against a bounce until the transaction ends.
-- Parameters: revision id, who got it, owner id, accepted on.
SELECT 1
FROM expireimage_mark k
JOIN expireimage_notice n ON n.mark_id = k.id
JOIN expireimage_mail m ON m.id = n.mail_id
WHERE k.revision_id = ? AND m.recipient = ? AND m.owner_id <=> ? AND m.status = 'accepted' AND m.accepted_on <= ?
LIMIT 1 LOCK IN SHARE MODE
