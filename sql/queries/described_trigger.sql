-- The answer: timing, event and table, body, SQL mode, the account it runs as, whether that exists (NULL: not known).
-- No parameters.
SELECT @expireimage_subject, @expireimage_body, @expireimage_mode, @expireimage_account, @expireimage_exists
