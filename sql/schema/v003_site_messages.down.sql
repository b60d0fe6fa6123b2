-- Takes the site's words away, those of single affiliations too, with the copies they are reset to.

DELETE FROM variable
WHERE name LIKE 'usermessage|image\_expire\_notice|%' OR name = 'adminmessage|image_expire_summary';

DELETE FROM messagereset
WHERE name IN ('usermessage|image_expire_notice|Global', 'adminmessage|image_expire_summary');
