-- The mails of a run about images: id, owner, recipients, status, reply code, reply, subject.
-- Parameters: run id.
SELECT id, owner_id, recipient, recipients, status, reply_code, reply, subject
FROM expireimage_mail WHERE run_id = ? AND recipient <> 'summary' ORDER BY id
