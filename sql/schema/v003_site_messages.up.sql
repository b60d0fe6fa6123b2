-- The words that the program's mails can take from the site: rows of VCL's own messages, so that they show up in the
-- Messages editor of its Site Configuration page, and the copies that VCL's script for messages resets them to. As long
-- as a row says what its copy says, the program uses its own words, which suit each mail better.
-- The texts are YAML as both Perl's YAML and Spyc write it, so that saving one unchanged in VCL changes nothing. They
-- are plain ASCII; a bracketed word that VCL does not know would make it complain about the row.
-- Rows that exist are never touched: an admin may have edited them.

INSERT INTO messagereset (name, value)
SELECT * FROM (SELECT 'usermessage|image_expire_notice|Global' AS name, CONCAT(
  '---\n',
  'message: |\n',
  '  This is an automatic notice from VCL ([user_affiliation_sitewwwaddress]) about images that you ',
  'own.\n',
  '  \n',
  '  Every revision of an image takes up room that new images need. A revision that nobody has ',
  'reserved for a long time therefore gets an expire date, and on that date it is deleted. Please look ',
  'through the list below. A revision that you still need can be kept: how to do that follows after ',
  'the list.\n',
  '  \n',
  '  If you have questions, please write to [user_affiliation_helpaddress].\n',
  'short_message: ''VCL -- Revisions of your images have expire dates. See your mail for the list.''\n',
  'subject: ''VCL -- Revisions of your images that nobody uses''\n'
) AS value) AS message
WHERE NOT EXISTS (SELECT 1 FROM messagereset AS present WHERE present.name = message.name);

INSERT INTO messagereset (name, value)
SELECT * FROM (SELECT 'adminmessage|image_expire_summary' AS name, CONCAT(
  '---\n',
  'message: |\n',
  '  This is the summary of the last run of expireimage on [management_node_short_name].\n',
  '  \n',
  '  It looks for revisions of images that nobody has reserved for a long time, gives each an expire ',
  'date, tells the owners in time and deletes what has expired. What it has done, and what needs your ',
  'attention, follows below.\n',
  'subject: ''VCL -- Summary of the expiry of images''\n'
) AS value) AS message
WHERE NOT EXISTS (SELECT 1 FROM messagereset AS present WHERE present.name = message.name);

INSERT INTO variable (name, serialization, value, setby, timestamp)
SELECT name, 'yaml', value, 'expireimage', NOW() FROM messagereset
WHERE name IN ('usermessage|image_expire_notice|Global', 'adminmessage|image_expire_summary')
AND NOT EXISTS (SELECT 1 FROM variable AS present WHERE present.name = messagereset.name);
