-- Asks what one of our triggers is; the answer is in variables of the session.
-- Parameters: its name.
CALL expireimage_describe_trigger(?, @expireimage_subject, @expireimage_body, @expireimage_mode, @expireimage_account, @expireimage_exists)
