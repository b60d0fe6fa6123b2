-- Mails that somebody should look at, the oldest first: id, status, addresses, when queued, the server's last words. Those
-- that wait for more than a day; those that failed or bounced for good, about revisions that still have their mark, when
-- no later mail tells the owner.
-- No parameters.
SELECT m.id, m.status, m.recipients, m.queued_at, m.reply
FROM expireimage_mail m
WHERE m.status IN ('composing', 'pending', 'deferred', 'unknown') AND m.queued_at < NOW() - INTERVAL 1 DAY
  OR m.status IN ('failed', 'bounced')
    AND EXISTS (SELECT 1 FROM expireimage_notice n JOIN expireimage_mark k ON k.id = n.mark_id WHERE n.mail_id = m.id)
    AND NOT EXISTS (
      SELECT 1 FROM expireimage_mail n
      WHERE n.owner_id <=> m.owner_id AND n.id > m.id AND n.recipient IN ('owner', 'admin')
        AND n.status IN ('pending', 'accepted', 'deferred', 'unknown'))
ORDER BY m.id
