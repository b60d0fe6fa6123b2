-- The events that say that the files of revisions go, written for one removal.
-- Parameters: the removal's id.
SELECT id FROM expireimage_event WHERE kind = 'purge' AND JSON_VALUE(facts, '$.removal') = ?
