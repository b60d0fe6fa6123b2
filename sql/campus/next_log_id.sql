-- The id after the newest logged reservation.
SELECT COALESCE(MAX(`id`), 0) + 1 FROM `log`
