-- The user with a name and an affiliation: id, both as VCL writes them.
-- Parameters: user name, affiliation.
SELECT u.id, u.unityid, a.name
FROM user u
JOIN affiliation a ON a.id = u.affiliationid
WHERE u.unityid = CONVERT(? USING latin1) AND a.name = CONVERT(? USING latin1)
