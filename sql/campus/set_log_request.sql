-- Ties a logged reservation to its request.
-- Parameters: requestid, log id.
UPDATE `log` SET `requestid` = ? WHERE `id` = ?
