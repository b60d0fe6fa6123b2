-- Creates the table of migrations.
-- No parameters.
CREATE TABLE IF NOT EXISTS expireimage_migration (
  version SMALLINT UNSIGNED NOT NULL,
  name VARCHAR(100) NOT NULL,
  begun DATETIME NOT NULL,
  completed DATETIME NULL COMMENT 'NULL: interrupted; running it again completes it',
  PRIMARY KEY (version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='the schema changes of expireimage'
