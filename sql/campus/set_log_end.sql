-- Ends a logged reservation.
-- Parameters: finalend, ending, log id.
UPDATE `log` SET `finalend` = ?, `ending` = ? WHERE `id` = ?
