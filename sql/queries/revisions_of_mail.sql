-- The revisions that a mail lists.
-- Parameters: mail id.
SELECT revision_id FROM expireimage_notice WHERE mail_id = ? ORDER BY revision_id
