-- Lets so many mails wait for delivery again, as if they had never been tried. Parameters: how many.
UPDATE expireimage_mail
SET status = 'pending', attempts = 0, tried_at = NULL, first_tried_at = NULL, accepted_on = NULL
ORDER BY id LIMIT ?
