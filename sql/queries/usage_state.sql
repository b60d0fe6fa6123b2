-- How far the stored usage has come.
-- No parameters.
SELECT sublog_id, changelog_id, settled_before, recorded_since, ignored_users FROM expireimage_usage_state WHERE id = 1
