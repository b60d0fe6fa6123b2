-- Forgets the entries in the calendar of an owner, to store them anew.
-- Parameters: owner id (0: of images without an owner).
DELETE FROM expireimage_calendar WHERE owner_id = ?
