-- What a mail says of the revisions that it lists.
-- Parameters: mail id.
SELECT m.owner_id, n.revision_id, n.kind, n.previous_date, n.reasons, n.last_use, n.expiredate,
  i.prettyname, r.revision, r.production, r.datecreated
FROM expireimage_mail m
JOIN expireimage_notice n ON n.mail_id = m.id
JOIN imagerevision r ON r.id = n.revision_id
JOIN image i ON i.id = r.imageid
WHERE m.id = ?
ORDER BY n.revision_id
