-- What decides about the files of every revision: id, imagename, image id, number, whether it is the production revision,
-- whether it lives (what is not known to be deleted does), whether a reservation needs it, whether it is loaded on a
-- computer, whether its files may be needed: as long as no purge of just this deletion is on record.
-- VCL still hands out the production revision of a live image that is itself deleted. A capture at work, and one that
-- failed, has no time of deletion.
-- Parameters: now; the ids of removals that will be undone, with commas between them: their purges do not count.
SELECT r.id, r.imagename, r.imageid, r.revision,
  r.production = 1 AND (r.deleted = 0 OR i.deleted = 0),
  NOT (r.deleted = 1 AND r.datedeleted > '0000-00-00 00:00:00') OR r.datedeleted IS NULL,
  v.id IS NOT NULL OR m.id IS NOT NULL, c.id IS NOT NULL, p.id IS NULL
FROM imagerevision r
JOIN image i ON i.id = r.imageid
LEFT JOIN (
  SELECT DISTINCT x.imagerevisionid AS id FROM reservation x
  JOIN request q ON q.id = x.requestid
  WHERE q.stateid IN (SELECT s.id FROM state s WHERE s.name NOT IN ('complete', 'failed'))
) v ON v.id = r.id
LEFT JOIN (SELECT DISTINCT x.imagerevisionid AS id FROM semaphore x WHERE x.expires > ?) m ON m.id = r.id
LEFT JOIN (SELECT DISTINCT x.imagerevisionid AS id FROM computer x WHERE x.deleted = 0) c ON c.id = r.id
LEFT JOIN (
  SELECT DISTINCT e.revision_id AS id, e.datedeleted FROM expireimage_event e
  WHERE e.kind = 'purge' AND COALESCE(FIND_IN_SET(JSON_VALUE(e.facts, '$.removal'), ?), 0) = 0
) p ON p.id = r.id AND p.datedeleted = r.datedeleted
