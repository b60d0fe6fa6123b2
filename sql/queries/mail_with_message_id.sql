-- The mail that went out with a Message-ID; of those that were queued again, the one that was accepted.
-- Parameters: message id.
SELECT id FROM expireimage_mail WHERE message_id = ? ORDER BY status = 'accepted' DESC, id DESC LIMIT 1
