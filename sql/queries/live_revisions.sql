-- Every revision that is not flagged as deleted, with its image, the image's system and owner; by image and number.
-- No parameters.
SELECT r.id, r.revision, r.production, r.datecreated, r.expiredate,
  i.id, i.name, i.prettyname, i.deleted, COALESCE(o.installtype, ''), i.ownerid, u.unityid, a.name
FROM imagerevision r
JOIN image i ON i.id = r.imageid
LEFT JOIN OS o ON o.id = i.OSid
LEFT JOIN user u ON u.id = i.ownerid
LEFT JOIN affiliation a ON a.id = u.affiliationid
WHERE r.deleted = 0
ORDER BY i.id, r.revision, r.id
