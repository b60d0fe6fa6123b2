-- The revisions that the mails of a run list.
-- Parameters: run id.
SELECT n.mail_id, n.revision_id
FROM expireimage_notice n
JOIN expireimage_mail m ON m.id = n.mail_id
WHERE m.run_id = ? ORDER BY n.mail_id, n.revision_id
