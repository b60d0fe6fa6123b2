-- What every session of this program is set to, whatever the server's defaults are: wrong data is an error, zero dates
-- stay readable and writable (VCL is full of them), and readers never hold locks against VCL's writers.
SET SESSION sql_mode = 'STRICT_TRANS_TABLES';
SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
SET SESSION autocommit = 1;
