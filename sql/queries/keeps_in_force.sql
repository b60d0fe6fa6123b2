-- The longest keep of each revision that is kept on a day: its end, NULL for one without an end.
-- Parameters: the day.
SELECT revision_id, IF(SUM(until IS NULL) > 0, NULL, MAX(until))
FROM expireimage_keep
WHERE until IS NULL OR until > ?
GROUP BY revision_id
