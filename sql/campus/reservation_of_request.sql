-- The id of the first reservation of a request.
-- Parameters: requestid.
SELECT MIN(`id`) FROM `reservation` WHERE `requestid` = ?
