-- What decides about the files of every revision: id, imagename, image id, number, whether it is the production revision,
-- whether it lives (what is not known to be deleted does), whether a reservation needs it, whether it is loaded on a computer,
-- its last use on record, its newest reservation's start.
-- VCL still hands out the production revision of a live image that is itself deleted. A capture at work, and one that
-- failed, has no time of deletion.
-- Parameters: now.
SELECT r.id, r.imagename, r.imageid, r.revision,
  r.production = 1 AND (r.deleted = 0 OR i.deleted = 0),
  NOT (r.deleted = 1 AND r.datedeleted > '0000-00-00 00:00:00') OR r.datedeleted IS NULL,
  EXISTS (
    SELECT 1 FROM reservation v JOIN request q ON q.id = v.requestid
    WHERE v.imagerevisionid = r.id
      AND q.stateid IN (SELECT s.id FROM state s WHERE s.name NOT IN ('complete', 'failed'))
  ) OR EXISTS (SELECT 1 FROM semaphore m WHERE m.imagerevisionid = r.id AND m.expires > ?),
  EXISTS (SELECT 1 FROM computer c WHERE c.imagerevisionid = r.id AND c.deleted = 0),
  u.last_use,
  (SELECT MAX(l.start) FROM sublog g JOIN log l ON l.id = g.logid WHERE g.imagerevisionid = r.id)
FROM imagerevision r
JOIN image i ON i.id = r.imageid
LEFT JOIN expireimage_usage u ON u.revision_id = r.id
