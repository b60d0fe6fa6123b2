-- The revisions whose flag can be taken back: flagged just as this program left them, so that the event's datedeleted
-- equals the row's. A single one only while its image lives with one production revision, one of a whole image only while
-- the image is flagged too and one production revision comes back, which one whose files are gone does not.
-- Parameters: revision id or NULL (all) twice.
SELECT r.id, i.id, i.prettyname, r.revision, r.production, r.expiredate, e.datedeleted, e.whole_image,
  i.ownerid, u.unityid, a.name,
  (SELECT MAX(p.revision) FROM imagerevision p WHERE p.imageid = i.id AND p.production = 1)
FROM expireimage_event e
JOIN (
  SELECT MAX(id) AS id FROM expireimage_event WHERE kind IN ('flag', 'restore', 'undelete', 'purge') GROUP BY revision_id
) newest ON newest.id = e.id
JOIN imagerevision r ON r.id = e.revision_id AND r.deleted = 1 AND r.datedeleted = e.datedeleted
JOIN image i ON i.id = r.imageid
LEFT JOIN user u ON u.id = i.ownerid
LEFT JOIN affiliation a ON a.id = u.affiliationid
WHERE e.kind = 'flag'
  AND i.deleted = e.whole_image
  AND 1 = (
    SELECT COUNT(*) FROM imagerevision p
    WHERE p.imageid = i.id AND p.production = 1 AND (
      p.deleted = 0 OR p.datedeleted = r.datedeleted AND NOT EXISTS (
        SELECT 1 FROM expireimage_event x
        WHERE x.revision_id = p.id AND x.kind = 'purge' AND x.datedeleted = p.datedeleted
      )
    )
  )
  AND (? IS NULL OR r.id = ?)
ORDER BY i.id, r.revision
