-- Gives a person another mail address.
-- Parameters: email, user id.
UPDATE `user` SET `email` = ? WHERE `id` = ?
