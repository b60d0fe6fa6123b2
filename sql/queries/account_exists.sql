-- How many accounts of a name and host there are; an error where this account may not know.
-- Parameters: name and host, joined by @.
SELECT COUNT(*) FROM mysql.global_priv WHERE CONVERT(CONCAT(User, '@', Host) USING utf8mb4) = ?
