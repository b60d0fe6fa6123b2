-- What delivering mail by several deliverers, over days, needs: claims, times of the next try, replies by recipient,
-- bounces, the entries of the owners' calendars.
-- Every statement can be run again, so that an interrupted migration is completed by running it once more.

ALTER TABLE expireimage_mail
  MODIFY COLUMN recipient ENUM('owner','admin','fallback','summary') NOT NULL
    COMMENT 'admin: the owner has no usable address; fallback: delivery to the owner failed; summary: of the run',
  MODIFY COLUMN status
    ENUM('composing','pending','accepted','deferred','failed','unknown','replaced','bounced','dropped') NOT NULL;

ALTER TABLE expireimage_mail
  ADD COLUMN IF NOT EXISTS enhanced_code VARCHAR(15) NULL COMMENT 'of RFC 3463, such as 5.1.1' AFTER reply_code,
  ADD COLUMN IF NOT EXISTS first_tried_at DATETIME NULL COMMENT 'first attempt that a server answered; the lifetime counts from here' AFTER tried_at,
  ADD COLUMN IF NOT EXISTS next_try_at DATETIME NULL COMMENT 'not tried before; NULL: at once' AFTER first_tried_at,
  ADD COLUMN IF NOT EXISTS claim VARCHAR(400) NULL COMMENT 'the deliverer that has it, and its process; no other touches it',
  ADD COLUMN IF NOT EXISTS claimed_until DATETIME NULL COMMENT 'after it the claim is void: its deliverer is dead',
  ADD INDEX IF NOT EXISTS message_id (message_id);

CREATE TABLE IF NOT EXISTS expireimage_recipient (
  mail_id INT UNSIGNED NOT NULL,
  address VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reply_code SMALLINT UNSIGNED NULL COMMENT 'of the last attempt; NULL: the conversation ended before',
  enhanced_code VARCHAR(15) NULL,
  reply VARCHAR(500) NOT NULL DEFAULT '',
  bounced_at DATETIME NULL COMMENT 'a report said later that it did not arrive',
  bounce_code VARCHAR(15) NULL,
  bounce_text VARCHAR(500) NULL,
  PRIMARY KEY (mail_id, address)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='what the mail server said to each recipient of a mail';

CREATE TABLE IF NOT EXISTS expireimage_calendar (
  uid VARCHAR(255) NOT NULL COMMENT 'UID of RFC 5545: the same for as long as the entry lives',
  owner_id MEDIUMINT UNSIGNED NOT NULL COMMENT 'user.id; 0: of images without an owner, in the admins'' calendars',
  sequence INT UNSIGNED NOT NULL COMMENT 'grows with every change of the entry',
  day DATE NOT NULL,
  revision_ids MEDIUMTEXT NOT NULL COMMENT 'the revisions that expire on the day, separated by blanks',
  is_cancelled TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (uid),
  KEY owner_id (owner_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='the entries that owners have in their calendars';
