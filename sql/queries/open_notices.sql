-- What the mails that were not delivered list: mail, revision, what is said of it, date.
-- No parameters.
SELECT n.mail_id, n.revision_id, n.kind, n.expiredate
FROM expireimage_notice n
JOIN expireimage_mail m ON m.id = n.mail_id
WHERE m.status IN ('composing', 'pending', 'deferred', 'unknown')
