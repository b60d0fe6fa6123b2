-- The site's words, in VCL's own rows: the row's name, the affiliation as VCL writes it (NULL: the row is for admins, or
-- VCL has no such affiliation), whether the row is for an affiliation, whether it is YAML, its text, and the text it is
-- reset to. An affiliation's row has no copy of its own; what it is reset to is the row of Global, and so its copy.
-- No parameters.
SELECT variable.name, affiliation.name, variable.name LIKE 'usermessage|%', variable.serialization = 'yaml',
  variable.value, messagereset.value
FROM variable
LEFT JOIN affiliation ON affiliation.name = SUBSTRING(variable.name, LENGTH('usermessage|image_expire_notice|') + 1)
  AND variable.name LIKE 'usermessage|%'
LEFT JOIN messagereset ON messagereset.name
  = IF(variable.name LIKE 'usermessage|%', 'usermessage|image_expire_notice|Global', 'adminmessage|image_expire_summary')
WHERE variable.name LIKE 'usermessage|image\_expire\_notice|%' OR variable.name = 'adminmessage|image_expire_summary'
ORDER BY variable.id
