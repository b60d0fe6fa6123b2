-- Mails that somebody should look at, the oldest first: id, status, addresses, when queued, the server's last words, the
-- owner's user name and affiliation. Those that wait for more than a day; those that failed or bounced for good, about
-- revisions that still have their mark, when no later mail tells the owner. Of one owner's the newest: it says what is
-- true now, and the others cannot be sent any more.
-- No parameters.
SELECT m.id, m.status, m.recipients, m.queued_at, m.reply, u.unityid, a.name
FROM expireimage_mail m
LEFT JOIN user u ON u.id = m.owner_id
LEFT JOIN affiliation a ON a.id = u.affiliationid
WHERE (
    m.status IN ('composing', 'pending', 'deferred', 'unknown') AND m.queued_at < NOW() - INTERVAL 1 DAY
    OR m.status IN ('failed', 'bounced')
      AND EXISTS (SELECT 1 FROM expireimage_notice n JOIN expireimage_mark k ON k.id = n.mark_id WHERE n.mail_id = m.id)
  )
  AND NOT EXISTS (
    SELECT 1 FROM expireimage_mail n
    WHERE n.owner_id <=> m.owner_id AND n.id > m.id AND (n.recipient = 'summary') = (m.recipient = 'summary')
      AND (
        n.status IN ('composing', 'pending', 'deferred', 'unknown', 'failed', 'bounced')
        OR n.status = 'accepted' AND m.status IN ('failed', 'bounced')
      )
  )
ORDER BY m.id
