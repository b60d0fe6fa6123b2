-- A revision for `expireimage expire`: its image, owner, state.
-- Parameters: revision id.
SELECT r.id, r.revision, r.production, r.deleted, r.expiredate, i.id, i.prettyname, i.deleted, u.unityid, a.name
FROM imagerevision r
JOIN image i ON i.id = r.imageid
LEFT JOIN user u ON u.id = i.ownerid
LEFT JOIN affiliation a ON a.id = u.affiliationid
WHERE r.id = ?
