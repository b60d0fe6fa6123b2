-- How many mails were not accepted.
SELECT COUNT(*) FROM expireimage_mail WHERE status <> 'accepted'
