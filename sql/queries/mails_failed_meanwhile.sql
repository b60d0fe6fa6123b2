-- The mails of earlier runs that failed, or bounced, since the run before this one had ended: id, owner, recipients,
-- status, reply code, reply, subject.
-- Parameters: run id.
SELECT m.id, m.owner_id, m.recipient, m.recipients, m.status, m.reply_code, m.reply, m.subject
FROM expireimage_run present
JOIN expireimage_run previous ON previous.id = (
  SELECT MAX(p.id) FROM expireimage_run p WHERE p.id < present.id AND p.finished IS NOT NULL
)
JOIN expireimage_mail m ON m.status IN ('failed', 'bounced') AND (m.run_id IS NULL OR m.run_id < present.id)
WHERE present.id = ? AND m.recipient <> 'summary' AND (
  m.tried_at > previous.finished
  OR EXISTS (SELECT 1 FROM expireimage_recipient r WHERE r.mail_id = m.id AND r.bounced_at > previous.finished)
)
ORDER BY m.id
