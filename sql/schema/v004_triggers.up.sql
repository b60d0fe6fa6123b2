-- The tables that the triggers read, and whether the site wants triggers. The triggers themselves are in sql/triggers:
-- they come last, because a server may forbid them.
-- Every statement can be run again, so that an interrupted migration is completed by running it once more.

CREATE TABLE IF NOT EXISTS expireimage_expiring (
  revision_id MEDIUMINT UNSIGNED NOT NULL COMMENT 'imagerevision.id; a row that is left over does no harm',
  PRIMARY KEY (revision_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='the revisions that have an expire date; what a trigger reads first';

CREATE TABLE IF NOT EXISTS expireimage_ignored (
  user_id MEDIUMINT UNSIGNED NOT NULL COMMENT 'user.id',
  PRIMARY KEY (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='accounts whose reservations are no use: of VCL itself, and those of expireimage_ignore_users';

CREATE TABLE IF NOT EXISTS expireimage_clearing (
  id TINYINT UNSIGNED NOT NULL COMMENT 'always 1',
  by_triggers TINYINT UNSIGNED NOT NULL COMMENT '0: the nightly run alone clears the dates of reserved revisions',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='how the site wants the date of a reserved revision cleared';

INSERT IGNORE INTO expireimage_clearing (id, by_triggers) VALUES (1, 1);
