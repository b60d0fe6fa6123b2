-- What the audit trail needs for the keeps that people set and end, and for files that are gone.
-- Every statement can be run again, so that an interrupted migration is completed by running it once more.

ALTER TABLE expireimage_event
  MODIFY COLUMN kind
    ENUM('mark','adopt','redate','unmark','keep','forget','flag','restore','undelete','unkeep','purge') NOT NULL
    COMMENT 'purge: the files of a flagged revision are gone, so that its flag is never taken back';
