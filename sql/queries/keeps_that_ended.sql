-- The revisions of which a keep is over, and the day on which the last of those ended.
-- Parameters: today.
SELECT revision_id, MAX(until) FROM expireimage_keep WHERE until <= ? GROUP BY revision_id
