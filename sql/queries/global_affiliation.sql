-- Help address and site address of the affiliation Global, the fallback of all others.
-- No parameters.
SELECT helpaddress, sitewwwaddress FROM affiliation WHERE name = 'Global'
