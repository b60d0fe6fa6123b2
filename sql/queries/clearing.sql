-- Whether the site wants triggers.
-- No parameters.
SELECT by_triggers FROM expireimage_clearing WHERE id = 1
