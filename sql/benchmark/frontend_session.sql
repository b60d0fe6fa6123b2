-- What a session of VCL's frontend is like: nothing of this program's settings.
SET SESSION sql_mode = '';
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;
