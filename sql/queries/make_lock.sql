-- Makes sure that a lock has a row.
-- Parameters: scope.
INSERT IGNORE INTO expireimage_lock (scope, fence, task_id) VALUES (?, 0, NULL)
