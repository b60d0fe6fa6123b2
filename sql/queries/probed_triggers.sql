-- The answer: an error's words, NULL for nothing.
-- No parameters.
SELECT @expireimage_problem
