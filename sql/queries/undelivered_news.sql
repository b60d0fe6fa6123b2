-- What undelivered mails would have told of revisions that have no date any more: it must be told again, as long as it
-- is still so.
-- No parameters.
SELECT m.owner_id, n.revision_id, n.kind, n.previous_date, n.reasons, n.last_use, n.expiredate,
  i.prettyname, r.revision, r.production, r.datecreated
FROM expireimage_mail m
JOIN expireimage_notice n ON n.mail_id = m.id
JOIN imagerevision r ON r.id = n.revision_id
JOIN image i ON i.id = r.imageid
WHERE m.status IN ('composing', 'pending', 'deferred', 'unknown') AND n.kind IN ('safe', 'flagged')
  AND r.deleted = (n.kind = 'flagged')
ORDER BY m.id, n.revision_id
