-- What needs a revision now: reason code, revision, who or what holds it. Requests that are complete or failed hold
-- nothing; every other state does, also a system user's reload: the files are about to be read.
-- Parameters: now.
SELECT 'hold_reservation' AS reason, rs.imagerevisionid AS revision_id,
  CONCAT('reservation ', rs.id, ' of ', COALESCE(u.unityid, 'nobody')) AS holder
FROM reservation rs
JOIN request q ON q.id = rs.requestid
LEFT JOIN user u ON u.id = q.userid
WHERE q.stateid IN (SELECT s.id FROM state s WHERE s.name NOT IN ('complete', 'failed'))
UNION ALL
SELECT 'hold_semaphore', m.imagerevisionid, 'a reservation being made'
FROM semaphore m
WHERE m.expires > ?
UNION ALL
SELECT 'hold_computer', c.imagerevisionid, CONCAT('computer ', c.hostname)
FROM computer c
JOIN state s ON s.id = c.stateid
WHERE c.deleted = 0 AND s.name NOT IN ('available', 'failed', 'deleted')
