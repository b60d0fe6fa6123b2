-- The stored parameters: names (with |Affiliation for an override) and values.
-- No parameters.
SELECT name, value FROM variable WHERE name LIKE 'expireimage\_%' ORDER BY id
