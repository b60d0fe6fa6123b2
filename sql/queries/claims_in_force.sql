-- The claims of all deliverers on mails that wait.
-- No parameters.
SELECT DISTINCT claim FROM expireimage_mail WHERE claimed_until > NOW() AND claim IS NOT NULL
