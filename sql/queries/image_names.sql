-- Every image name that VCL knows, as it names files.
-- No parameters.
SELECT DISTINCT imagename FROM imagerevision
