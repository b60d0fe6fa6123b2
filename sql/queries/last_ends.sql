-- When runs ended last with exit status 0, and with their work done, in seconds since 1970; NULL before the first. A
-- simulated run ended on a day that is not real.
-- No parameters.
SELECT UNIX_TIMESTAMP(MAX(IF(exit_status = 0, finished, NULL))),
  UNIX_TIMESTAMP(MAX(IF(exit_status IN (0, 2, 3), finished, NULL)))
FROM expireimage_run WHERE simulated = 0
