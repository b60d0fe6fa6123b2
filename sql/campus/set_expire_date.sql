-- Sets or clears the expire date of a revision by hand. The column exists once expireimage was migrated.
-- Parameters: expiredate, revision id.
UPDATE `imagerevision` SET `expiredate` = ? WHERE `id` = ?
