-- Mails of the outbox, the newest first: id, run, owner's id, user name and affiliation, who gets it, status, addresses,
-- subject, message id, queued at, attempts, tried at, next try at, accepted on, reply code, enhanced code, reply, how
-- many revisions it lists, whether a deliverer has it.
-- Parameters: mail id or NULL twice, status or NULL twice, user name or NULL twice, affiliation, revision id or NULL twice, how many at most.
SELECT m.id, m.run_id, m.owner_id, u.unityid, a.name, m.recipient, m.status, m.recipients, m.subject, m.message_id, m.queued_at,
  m.attempts, m.tried_at, m.next_try_at, m.accepted_on, m.reply_code, m.enhanced_code, m.reply,
  (SELECT COUNT(*) FROM expireimage_notice n WHERE n.mail_id = m.id),
  COALESCE(m.claimed_until > NOW(), 0)
FROM expireimage_mail m
LEFT JOIN user u ON u.id = m.owner_id
LEFT JOIN affiliation a ON a.id = u.affiliationid
WHERE (? IS NULL OR m.id = ?)
  AND (? IS NULL OR m.status = ?)
  AND (? IS NULL OR u.unityid = ? AND a.name = ?)
  AND (? IS NULL OR m.id IN (SELECT mail_id FROM expireimage_notice WHERE revision_id = ?))
ORDER BY m.id DESC LIMIT ?
