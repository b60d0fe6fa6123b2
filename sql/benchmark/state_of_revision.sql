-- Whether a revision is flagged, its expire date, and when it was flagged.
-- Parameters: revision id.
SELECT deleted, expiredate, datedeleted FROM imagerevision WHERE id = ?
