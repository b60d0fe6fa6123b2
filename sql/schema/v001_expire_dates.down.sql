-- Takes away everything that v001_expire_dates.up.sql made; VCL's tables are as they were.

DROP TABLE IF EXISTS
  expireimage_usage_state, expireimage_usage, expireimage_notice, expireimage_mail, expireimage_keep,
  expireimage_event, expireimage_mark, expireimage_run, expireimage_lease;

DELETE FROM variable WHERE name LIKE 'expireimage\_%';

DELETE FROM state WHERE name = 'expireimage';

ALTER TABLE imagerevision
  DROP INDEX IF EXISTS expiredate,
  DROP COLUMN IF EXISTS expiredate;
