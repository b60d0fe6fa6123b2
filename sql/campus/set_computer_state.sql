-- Moves a computer to another state.
-- Parameters: stateid, computer id.
UPDATE `computer` SET `stateid` = ? WHERE `id` = ?
