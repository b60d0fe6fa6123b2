-- Takes back a deletion by hand.
-- Parameters: revision id.
UPDATE `imagerevision` SET `deleted` = 0, `datedeleted` = NULL WHERE `id` = ?
