-- What every session of this program is set to, whatever the server's defaults are: wrong data is an error, zero dates
-- stay readable and writable (VCL is full of them), and readers never hold locks against VCL's writers.
-- On a Galera cluster it sees what every node has committed before, not only what its own node has come to; servers that
-- are built without Galera do not know that variable (error 1193).
-- With binary logging by statements InnoDB refuses every write below REPEATABLE READ (error 1665).
SET SESSION sql_mode = 'STRICT_TRANS_TABLES';
EXECUTE IMMEDIATE CONCAT('SET SESSION TRANSACTION ISOLATION LEVEL ',
  IF(@@GLOBAL.log_bin AND @@SESSION.binlog_format = 'STATEMENT', 'REPEATABLE READ', 'READ COMMITTED'));
SET SESSION autocommit = 1;
BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR 1193 DO 0; EXECUTE IMMEDIATE 'SET SESSION wsrep_sync_wait = 7'; END;
