-- The locks that VCL has on files and directories.
-- Parameters: now.
SELECT identifier FROM vcldsemaphore WHERE expires > ?
