-- Throws expired tasks away.
-- Parameters: now.
DELETE FROM expireimage_task WHERE expires <= ? AND ended IS NOT NULL
