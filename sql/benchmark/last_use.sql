-- What the plan is measured against: the best single statement for the last use of every revision, by the same rules
-- of what counts as a use, but without reinstalls, for which it would need a second pass.
SELECT s.imagerevisionid,
  MAX(
    CASE
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
WHERE l.userid NOT IN (
  SELECT u.id FROM user u
  JOIN affiliation a ON a.id = u.affiliationid
  WHERE a.name = 'Local' AND u.unityid IN ('vclreload', 'vclsystem')
)
GROUP BY s.imagerevisionid
