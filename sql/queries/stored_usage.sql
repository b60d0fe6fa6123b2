-- The stored last use of each revision.
-- No parameters.
SELECT revision_id, last_use FROM expireimage_usage
