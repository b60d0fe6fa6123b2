-- The newest reservation of a revision by a person: log id, start, end, how it ended, user name, affiliation.
-- VCL's own accounts and the ignored ones do not count.
-- Parameters: revision id, ignored accounts (joined by commas).
SELECT l.id, l.start, l.finalend, l.ending, u.unityid, a.name
FROM sublog s
JOIN log l ON l.id = s.logid
LEFT JOIN user u ON u.id = l.userid
LEFT JOIN affiliation a ON a.id = u.affiliationid
WHERE s.imagerevisionid = ? AND l.userid NOT IN (
  SELECT x.id FROM user x
  JOIN affiliation y ON y.id = x.affiliationid
  WHERE (y.name = 'Local' AND x.unityid IN ('vclreload', 'vclsystem'))
    OR FIND_IN_SET(CONVERT(CONCAT(x.unityid, '@', y.name) USING utf8mb4), ?)
)
ORDER BY s.id DESC
LIMIT 1
