-- The names of all affiliations.
-- No parameters.
SELECT name FROM affiliation ORDER BY id
