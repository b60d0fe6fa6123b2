-- One row for each thing that needs a revision now, or a use that came after the records were read.
-- Parameters: revision id, revision id, now, revision id, revision id, newest sublog id read, newest changelog id read, revision id as text, revision id, today.
SELECT 'hold_reservation'
FROM reservation rs
JOIN request q ON q.id = rs.requestid
WHERE rs.imagerevisionid = ? AND q.stateid IN (SELECT s.id FROM state s WHERE s.name NOT IN ('complete', 'failed'))
UNION ALL
SELECT 'hold_semaphore' FROM semaphore m WHERE m.imagerevisionid = ? AND m.expires > ?
UNION ALL
SELECT 'hold_computer'
FROM computer c
JOIN state s ON s.id = c.stateid
WHERE c.imagerevisionid = ? AND c.deleted = 0 AND s.name NOT IN ('available', 'failed', 'deleted')
UNION ALL
SELECT 'recently_used' FROM sublog s WHERE s.imagerevisionid = ? AND s.id > ?
UNION ALL
SELECT 'recently_used' FROM changelog c
WHERE c.id > ? AND c.other = CONCAT('event:reinstall|revisionid:', ?)
UNION ALL
SELECT 'kept' FROM expireimage_keep k WHERE k.revision_id = ? AND (k.until IS NULL OR k.until > ?)
