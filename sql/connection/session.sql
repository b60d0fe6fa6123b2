-- What every session of this program is set to, whatever the server's defaults are: wrong data is an error, zero dates
-- stay readable and writable (VCL is full of them), and readers never hold locks against VCL's writers.
-- With binary logging by statements InnoDB refuses every write below REPEATABLE READ (error 1665).
SET SESSION sql_mode = 'STRICT_TRANS_TABLES';
EXECUTE IMMEDIATE CONCAT('SET SESSION TRANSACTION ISOLATION LEVEL ',
  IF(@@GLOBAL.log_bin AND @@SESSION.binlog_format = 'STATEMENT', 'REPEATABLE READ', 'READ COMMITTED'));
SET SESSION autocommit = 1;
