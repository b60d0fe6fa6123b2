-- The ids of the accounts whose reservations clear nothing, as the triggers know them.
-- No parameters.
SELECT user_id FROM expireimage_ignored
