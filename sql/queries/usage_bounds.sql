-- Newest ids of the usage records, and the start of the oldest reservation with a sublog row.
-- No parameters.
SELECT COALESCE((SELECT MAX(id) FROM sublog), 0), COALESCE((SELECT MAX(id) FROM changelog), 0),
  (
    SELECT NULLIF(l.start, 0)
    FROM sublog s
    JOIN log l ON l.id = s.logid
    WHERE l.start > 0
    ORDER BY s.id
    LIMIT 1
  )
