-- The owners of images, and where their mail comes from and points to; NULL or empty where VCL has nothing.
-- No parameters.
SELECT DISTINCT u.id, u.unityid, a.name, u.firstname, u.preferredname, u.email, a.helpaddress, a.sitewwwaddress,
  u.lastname
FROM image i
JOIN user u ON u.id = i.ownerid
JOIN affiliation a ON a.id = u.affiliationid
