-- Throws expired tasks away.
-- No parameters.
DELETE FROM expireimage_task WHERE expires <= NOW() AND ended IS NOT NULL
