-- The texts of the mails get a table of their own: the outbox changes a mail's row several times while it is delivered,
-- and InnoDB writes a row anew when its length changes.
-- Every statement can be run again, so that an interrupted migration is completed by running it once more.

CREATE TABLE IF NOT EXISTS expireimage_message (
  mail_id INT UNSIGNED NOT NULL,
  message LONGBLOB NOT NULL COMMENT 'the whole mail as it is sent',
  PRIMARY KEY (mail_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='the text of each mail that is composed';

-- The column is there again when the migration was interrupted after its last statement; what it held is copied then.
ALTER TABLE expireimage_mail
  ADD COLUMN IF NOT EXISTS message LONGBLOB NULL;

INSERT IGNORE INTO expireimage_message (mail_id, message)
SELECT id, message FROM expireimage_mail WHERE message IS NOT NULL;

ALTER TABLE expireimage_mail
  DROP COLUMN IF EXISTS message;
