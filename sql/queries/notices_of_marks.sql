-- What owners were told about the present mark of each revision; mails that were replaced or dropped do not count.
-- No parameters.
SELECT n.mark_id, n.expiredate, m.owner_id, m.recipient, m.status, m.queued_on, m.accepted_on
FROM expireimage_notice n
JOIN expireimage_mail m ON m.id = n.mail_id
JOIN expireimage_mark k ON k.id = n.mark_id
WHERE n.expiredate IS NOT NULL AND m.status NOT IN ('replaced', 'dropped')
ORDER BY m.id
