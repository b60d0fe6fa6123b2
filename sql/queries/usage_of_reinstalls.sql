-- Reservations that a reinstall moved to another revision: revision and time. Only the change log has it.
-- Parameters: newest changelog id read, ignored accounts (joined by commas).
SELECT CAST(SUBSTRING_INDEX(c.other, ':', -1) AS UNSIGNED), MAX(c.timestamp)
FROM changelog c
LEFT JOIN log l ON l.id = c.logid
WHERE c.id > ?
  AND c.other LIKE 'event:reinstall|revisionid:%'
  AND (l.userid IS NULL OR l.userid NOT IN (
    SELECT u.id FROM user u
    JOIN affiliation a ON a.id = u.affiliationid
    WHERE (a.name = 'Local' AND u.unityid IN ('vclreload', 'vclsystem'))
      OR FIND_IN_SET(CONVERT(CONCAT(u.unityid, '@', a.name) USING utf8mb4), ?)
  ))
GROUP BY 1
