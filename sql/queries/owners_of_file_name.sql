-- The revisions that have an imagename, with the accounts that own their images, by id: imagename (letter case and accents may differ), revision id,
-- owner's id, user name, affiliation; NULL where there is no owner.
-- Parameters: imagename.
SELECT r.imagename, r.id, u.id, u.unityid, a.name
FROM imagerevision r
JOIN image i ON i.id = r.imageid
LEFT JOIN user u ON u.id = i.ownerid
LEFT JOIN affiliation a ON a.id = u.affiliationid
WHERE r.imagename = CONVERT(? USING latin1)
ORDER BY r.id
