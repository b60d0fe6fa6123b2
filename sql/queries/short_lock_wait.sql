-- Schema changes wait a second for VCL's statements, not VCL for them.
-- No parameters.
SET SESSION lock_wait_timeout = 1
