-- The newest sublog row of the site.
-- No parameters.
SELECT COALESCE(MAX(id), 0) FROM sublog
