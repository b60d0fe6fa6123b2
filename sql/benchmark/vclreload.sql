-- The account with which VCL loads computers.
-- No parameters.
SELECT u.id FROM user u JOIN affiliation a ON a.id = u.affiliationid WHERE u.unityid = 'vclreload' AND a.name = 'Local'
