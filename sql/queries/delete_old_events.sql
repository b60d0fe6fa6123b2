-- Deletes old audit rows, a batch at a time. Flags and what came of them stay: they tell which flags are ours.
-- Parameters: first moment that is kept.
DELETE FROM expireimage_event
WHERE happened < ? AND kind NOT IN ('flag', 'restore', 'undelete', 'purge')
ORDER BY id
LIMIT 1000
