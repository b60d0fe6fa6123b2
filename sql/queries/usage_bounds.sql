-- Newest ids of the usage records, the start of the oldest reservation with a sublog row, and the time.
-- Left to itself the optimizer joins and sorts both tables to find that one row.
-- No parameters.
SELECT COALESCE((SELECT MAX(id) FROM sublog), 0), COALESCE((SELECT MAX(id) FROM changelog), 0),
  (
    SELECT STRAIGHT_JOIN l.start
    FROM sublog s FORCE INDEX FOR ORDER BY (PRIMARY)
    JOIN log l ON l.id = s.logid
    WHERE l.start > 0
    ORDER BY s.id
    LIMIT 1
  ),
  NOW()
