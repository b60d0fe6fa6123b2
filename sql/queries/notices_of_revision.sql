-- What mails said of a revision: mail, what, date, date before, when it was queued, who gets it, addresses, status, when it
-- was accepted, the last reply.
-- Parameters: revision id.
SELECT m.id, n.kind, n.expiredate, n.previous_date, m.queued_at, m.recipient, m.recipients, m.status, m.accepted_on, m.reply
FROM expireimage_notice n
JOIN expireimage_mail m ON m.id = n.mail_id
WHERE n.revision_id = ?
ORDER BY m.id
