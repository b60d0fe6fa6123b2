-- Takes back that the files of a revision go: they are in their place again.
-- Parameters: event id.
DELETE FROM expireimage_event WHERE id = ? AND kind = 'purge'
