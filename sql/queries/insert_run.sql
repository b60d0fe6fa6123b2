-- Begins a run.
-- Parameters: day, simulated, mode, started, node, pid, policy.
INSERT INTO expireimage_run (day, simulated, mode, started, finished, node, pid, exit_status, policy, summary)
VALUES (?, ?, ?, ?, NULL, ?, ?, NULL, ?, NULL)
