-- A revision that a person named: id, number, whether it is in production, whether it is flagged, its date, its image's
-- id, pretty name and whether that is flagged, the owner's id, user name and affiliation, imagename, image name, when it was
-- created.
-- Parameters: revision id.
SELECT r.id, r.revision, r.production, r.deleted, r.expiredate, i.id, i.prettyname, i.deleted, u.id, u.unityid, a.name,
  r.imagename, i.name, r.datecreated
FROM imagerevision r
JOIN image i ON i.id = r.imageid
LEFT JOIN user u ON u.id = i.ownerid
LEFT JOIN affiliation a ON a.id = u.affiliationid
WHERE r.id = ?
