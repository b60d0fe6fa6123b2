-- Keeps: id, revision, until (NULL: without an end), origin, reason, who set it, when, the image's pretty name, revision
-- number, user name and affiliation of the owner. In the order of revisions.
-- Parameters: revision id or NULL twice, whether those that are over are listed too, today.
SELECT k.id, k.revision_id, k.until, k.origin, k.reason, k.set_by, k.set_at, i.prettyname, r.revision, u.unityid, a.name
FROM expireimage_keep k
LEFT JOIN imagerevision r ON r.id = k.revision_id
LEFT JOIN image i ON i.id = r.imageid
LEFT JOIN user u ON u.id = i.ownerid
LEFT JOIN affiliation a ON a.id = u.affiliationid
WHERE (? IS NULL OR k.revision_id = ?) AND (? OR k.until IS NULL OR k.until > ?)
ORDER BY k.revision_id, k.id
