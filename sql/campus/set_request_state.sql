-- Moves a request to another state.
-- Parameters: stateid, datemodified, request id.
UPDATE `request` SET `laststateid` = `stateid`, `stateid` = ?, `datemodified` = ? WHERE `id` = ?
