-- What the frontend notes of a statement before it executes it, unless a site has switched that off.
-- Parameters: user id, the page that the user is on, the statement.
INSERT INTO querylog (userid, timestamp, mode, query) VALUES (?, NOW(), ?, ?)
