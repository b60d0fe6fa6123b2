-- The mail addresses of a person, as stored.
-- Parameters: user id.
SELECT `email` FROM `user` WHERE `id` = ?
