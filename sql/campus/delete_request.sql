-- Removes a request and, by the foreign key, its reservations.
-- Parameters: request id.
DELETE FROM `request` WHERE `id` = ?
