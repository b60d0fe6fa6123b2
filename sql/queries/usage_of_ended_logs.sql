-- Use by reservations that had ended before a time: they cannot change any more.
-- Returns per revision the newest date of use, NULL where no row carries a date.
-- Date of a use: the later of start and end. A reservation deleted before it began counts at its deletion (newest
-- changelog row); for ending none, deleted or no end it is the start. Zero dates are none. VCL's own accounts and the
-- ignored ones do not count.
-- Reads nearly all of both tables; beginning with sublog is the cheapest order, and not what the optimizer would choose.
-- Parameters: settled before, ignored accounts (joined by commas).
SELECT STRAIGHT_JOIN s.imagerevisionid,
  MAX(
    CASE
      WHEN l.start = 0 AND l.finalend = 0 THEN NULL
      WHEN l.ending = 'deleted' THEN (
        SELECT IF(MAX(c.timestamp) > 0 AND MAX(c.timestamp) < l.start, MAX(c.timestamp), NULLIF(l.start, 0))
        FROM changelog c WHERE c.logid = l.id
      )
      WHEN l.ending = 'none' OR l.finalend = 0 THEN NULLIF(l.start, 0)
      ELSE GREATEST(l.start, l.finalend)
    END
  )
FROM sublog s
JOIN log l ON l.id = s.logid
WHERE l.finalend < ? AND l.userid NOT IN (
  SELECT u.id FROM user u
  JOIN affiliation a ON a.id = u.affiliationid
  WHERE (a.name = 'Local' AND u.unityid IN ('vclreload', 'vclsystem'))
    OR FIND_IN_SET(CONVERT(CONCAT(u.unityid, '@', a.name) USING utf8mb4), ?)
)
GROUP BY s.imagerevisionid
