-- Removes the semaphores of an earlier round.
-- No parameters.
DELETE FROM semaphore
