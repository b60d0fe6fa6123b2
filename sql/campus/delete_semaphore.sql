-- Frees what a process of the frontend had held.
-- Parameters: procid.
DELETE FROM `semaphore` WHERE `procid` = ?
