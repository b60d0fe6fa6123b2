-- The newest sublog row and the newest changelog row of the site.
-- No parameters.
SELECT (SELECT COALESCE(MAX(id), 0) FROM sublog), (SELECT COALESCE(MAX(id), 0) FROM changelog)
