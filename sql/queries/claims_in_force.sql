-- The claims of all deliverers on mails that wait.
-- No parameters.
SELECT DISTINCT claim FROM expireimage_mail WHERE status IN ('pending', 'deferred', 'unknown') AND claimed_until > NOW() AND claim IS NOT NULL
