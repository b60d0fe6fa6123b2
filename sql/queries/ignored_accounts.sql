-- The ids of the accounts whose reservations are no use: VCL's own, and the ignored ones.
-- Parameters: ignored accounts (joined by commas).
SELECT u.id
FROM user u
JOIN affiliation a ON a.id = u.affiliationid
WHERE (a.name = 'Local' AND u.unityid IN ('vclreload', 'vclsystem'))
  OR FIND_IN_SET(CONVERT(CONCAT(u.unityid, '@', a.name) USING utf8mb4), ?)
