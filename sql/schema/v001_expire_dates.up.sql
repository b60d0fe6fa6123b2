-- The expire date of a revision, and the objects this program keeps beside VCL's tables.
-- Every statement can be run again, so that an interrupted migration is completed by running it once more.
-- None of our tables has a foreign key onto VCL's: no statement of VCL may fail because of us.

ALTER TABLE imagerevision
  ADD COLUMN IF NOT EXISTS expiredate DATE NULL DEFAULT NULL,
  ADD INDEX IF NOT EXISTS expiredate (expiredate);

ALTER TABLE imagerevision
  MODIFY COLUMN expiredate DATE NULL DEFAULT NULL;

INSERT INTO state (name)
SELECT 'expireimage' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM state WHERE name = 'expireimage');

CREATE TABLE IF NOT EXISTS expireimage_lease (
  id TINYINT UNSIGNED NOT NULL COMMENT 'always 1: one run at a time on the whole site',
  fence BIGINT UNSIGNED NOT NULL COMMENT 'grows with every holder; every write checks it',
  node VARCHAR(255) NULL COMMENT 'host and process namespace of the holder; NULL: free',
  pid INT UNSIGNED NULL,
  process_start BIGINT UNSIGNED NULL COMMENT 'start of that process in clock ticks after boot, against reused pids',
  boot_id VARCHAR(64) NULL COMMENT 'boot of the node; another boot means that the holder is dead',
  expires DATETIME NULL COMMENT 'free from then on unless renewed',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='the run lease';

INSERT IGNORE INTO expireimage_lease (id, fence, node, pid, process_start, boot_id, expires)
VALUES (1, 0, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE IF NOT EXISTS expireimage_run (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  day DATE NOT NULL COMMENT 'the day it decided for',
  simulated TINYINT UNSIGNED NOT NULL COMMENT '1: the day was given, not the database server''s',
  mode ENUM('report','notify','flag') NOT NULL,
  started DATETIME NOT NULL,
  finished DATETIME NULL COMMENT 'NULL: running, or killed',
  node VARCHAR(255) NOT NULL,
  pid INT UNSIGNED NOT NULL,
  exit_status TINYINT UNSIGNED NULL,
  policy LONGTEXT NOT NULL COMMENT 'JSON: every parameter in force, by affiliation',
  summary LONGTEXT NULL COMMENT 'JSON: counts by decision, reason and mail status',
  PRIMARY KEY (id),
  KEY day (day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='one row a run';

CREATE TABLE IF NOT EXISTS expireimage_mark (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'a new mark of the same revision has a new id',
  revision_id MEDIUMINT UNSIGNED NOT NULL COMMENT 'imagerevision.id',
  expiredate DATE NOT NULL COMMENT 'imagerevision.expiredate as last written or found',
  computed_date DATE NULL COMMENT 'what the parameters gave, before spreading and postponements',
  marked_on DATE NOT NULL COMMENT 'the grace counts from here',
  origin ENUM('criteria','adopted','person') NOT NULL COMMENT 'who set the date',
  last_use DATETIME NULL COMMENT 'the last use known at that time',
  run_id INT UNSIGNED NULL COMMENT 'the run that made it; NULL: a person',
  PRIMARY KEY (id),
  UNIQUE KEY revision_id (revision_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='who set the date, when and from what';

CREATE TABLE IF NOT EXISTS expireimage_event (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  run_id INT UNSIGNED NULL COMMENT 'NULL: a person did it',
  revision_id MEDIUMINT UNSIGNED NOT NULL,
  image_id SMALLINT UNSIGNED NOT NULL,
  kind ENUM('mark','adopt','redate','unmark','keep','forget','flag','restore','undelete') NOT NULL,
  happened DATETIME NOT NULL,
  actor VARCHAR(255) NOT NULL COMMENT 'the program''s run, or the account that called it',
  reasons TEXT NOT NULL COMMENT 'codes, separated by blanks',
  old_date DATE NULL,
  new_date DATE NULL,
  datedeleted DATETIME NULL COMMENT 'of a flag or restore: the row''s; equal to it as long as nobody else changed it',
  whole_image TINYINT UNSIGNED NOT NULL DEFAULT 0,
  facts LONGTEXT NOT NULL COMMENT 'JSON: what was known of the revision when it was decided',
  PRIMARY KEY (id),
  KEY revision_id (revision_id, kind),
  KEY run_id (run_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='the audit trail: one row a change';

CREATE TABLE IF NOT EXISTS expireimage_keep (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  revision_id MEDIUMINT UNSIGNED NOT NULL,
  until DATE NULL COMMENT 'the day on which it ends; NULL: never',
  origin ENUM('person','date_reset','undeleted','restored') NOT NULL,
  reason VARCHAR(255) NOT NULL DEFAULT '',
  set_by VARCHAR(255) NOT NULL,
  set_at DATETIME NOT NULL,
  PRIMARY KEY (id),
  KEY revision_id (revision_id, until)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='revisions that a person wants kept';

CREATE TABLE IF NOT EXISTS expireimage_mail (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  run_id INT UNSIGNED NULL,
  owner_id MEDIUMINT UNSIGNED NULL COMMENT 'user.id of the images'' owner; NULL: the images have none',
  recipient ENUM('owner','admin','fallback') NOT NULL
    COMMENT 'admin: the owner has no usable address; fallback: delivery to the owner failed',
  status ENUM('composing','pending','accepted','deferred','failed','unknown','replaced') NOT NULL,
  sender VARCHAR(255) NOT NULL DEFAULT '',
  recipients TEXT NOT NULL COMMENT 'addresses, separated by commas',
  blind_recipients TEXT NOT NULL,
  subject VARCHAR(255) NOT NULL DEFAULT '',
  message_id VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'stays the same when a mail is sent again',
  message LONGBLOB NULL COMMENT 'the whole mail as it is sent',
  queued_on DATE NOT NULL COMMENT 'the day of its run',
  queued_at DATETIME NOT NULL,
  attempts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  tried_at DATETIME NULL,
  accepted_on DATE NULL COMMENT 'the day from which the minimum notice counts',
  reply_code SMALLINT UNSIGNED NULL,
  reply VARCHAR(500) NULL COMMENT 'the server''s last words, or why there are none',
  PRIMARY KEY (id),
  KEY status (status),
  KEY owner_id (owner_id),
  KEY run_id (run_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='the outbox';

CREATE TABLE IF NOT EXISTS expireimage_notice (
  mail_id INT UNSIGNED NOT NULL,
  revision_id MEDIUMINT UNSIGNED NOT NULL,
  mark_id INT UNSIGNED NULL COMMENT 'the mark it is about; NULL: its mark is gone',
  kind ENUM('announced','reminder','redated','safe','flagged') NOT NULL COMMENT 'what the mail says of it',
  expiredate DATE NULL COMMENT 'the date that the mail names; NULL: it no longer expires',
  previous_date DATE NULL COMMENT 'the date that an earlier mail named',
  reasons TEXT NOT NULL COMMENT 'codes, separated by blanks',
  last_use DATETIME NULL,
  PRIMARY KEY (mail_id, revision_id),
  KEY mark_id (mark_id),
  KEY revision_id (revision_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='which revisions a mail lists, and with which date';

CREATE TABLE IF NOT EXISTS expireimage_usage (
  revision_id MEDIUMINT UNSIGNED NOT NULL,
  last_use DATETIME NULL COMMENT 'newest use among the log rows that cannot change any more; NULL: used, date unknown',
  PRIMARY KEY (revision_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='last use per revision: never lowered when log rows are pruned';

CREATE TABLE IF NOT EXISTS expireimage_usage_state (
  id TINYINT UNSIGNED NOT NULL COMMENT 'always 1',
  sublog_id INT UNSIGNED NOT NULL COMMENT 'newest sublog row that was read',
  changelog_id INT UNSIGNED NOT NULL COMMENT 'newest changelog row that was read',
  settled_before DATETIME NOT NULL COMMENT 'log rows that ended before it are in expireimage_usage',
  recorded_since DATETIME NULL COMMENT 'first use on record: before it, never reserved is not proven',
  ignored_users TEXT NOT NULL COMMENT 'the accounts that were left out',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='how far expireimage_usage has come';
