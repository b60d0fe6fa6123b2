-- The revisions whose files may go: flagged by this program, so long ago, and flagged still just as it left them, with an
-- expire date; a date that is gone was cleared by a reservation after the flag, which rescues the files. Revision id, image id,
-- imagename, number, image's pretty name, time of deletion.
-- Parameters: the day, days.
SELECT r.id, r.imageid, r.imagename, r.revision, i.prettyname, r.datedeleted
FROM expireimage_event e
JOIN (
  SELECT MAX(id) AS id FROM expireimage_event WHERE kind IN ('flag', 'restore', 'undelete') GROUP BY revision_id
) newest ON newest.id = e.id
JOIN imagerevision r ON r.id = e.revision_id AND r.deleted = 1 AND r.datedeleted = e.datedeleted
JOIN image i ON i.id = r.imageid
WHERE e.kind = 'flag' AND r.expiredate > '0000-00-00'
  AND (r.production = 0 OR i.deleted = 1)
  AND DATE(r.datedeleted) <= ? - INTERVAL ? DAY
ORDER BY r.id
