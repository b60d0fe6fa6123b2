-- Asks what keeps the triggers from clearing dates; the answer is in a variable of the session.
-- No parameters.
CALL expireimage_probe_triggers(@expireimage_problem)
