-- Use on record.
-- Returns per revision the newest date of use among rows that had ended before a time (they cannot change any more)
-- and the newest of all, NULL where no row carries a date, and how many rows had ended.
-- Date of a use: the later of start and end. A reservation deleted before it began counts at its deletion (newest
-- changelog row); for ending none, deleted or no end it is the start. Zero dates are none. VCL's own accounts and the
-- ignored ones do not count. A deleted reservation is over wherever its end lies, once its use does.
-- Parameters: settled before (three times), ignored accounts (joined by commas).
SELECT used.revision_id,
  MAX(IF(used.is_over OR (used.is_deleted AND used.at < ?), used.at, NULL)),
  MAX(used.at),
  SUM(used.is_over OR COALESCE(used.is_deleted AND used.at < ?, 0))
FROM (
  SELECT s.imagerevisionid AS revision_id, l.finalend < ? AS is_over, l.ending = 'deleted' AS is_deleted,
    CASE
      WHEN l.start = 0 AND l.finalend = 0 THEN NULL
      WHEN l.ending = 'deleted' THEN (
        SELECT IF(MAX(c.timestamp) > 0 AND MAX(c.timestamp) < l.start, MAX(c.timestamp), NULLIF(l.start, 0))
        FROM changelog c WHERE c.logid = l.id
      )
      WHEN l.ending = 'none' OR l.finalend = 0 THEN NULLIF(l.start, 0)
      ELSE GREATEST(l.start, l.finalend)
    END AS at
  FROM sublog s
  JOIN log l ON l.id = s.logid
  WHERE l.userid NOT IN (
    SELECT u.id FROM user u
    JOIN affiliation a ON a.id = u.affiliationid
    WHERE (a.name = 'Local' AND u.unityid IN ('vclreload', 'vclsystem'))
      OR FIND_IN_SET(CONVERT(CONCAT(u.unityid, '@', a.name) USING utf8mb4), ?)
  )
) used
GROUP BY used.revision_id
