-- What takes time on a site's nodes and who does it: the roots under management, the tasks with their logs, the locks
-- on image names, and what removals took off the disks.
-- Every statement can be run again, so that an interrupted migration is completed by running it once more.

CREATE TABLE IF NOT EXISTS expireimage_root (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  node VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the management node that the directory belongs to',
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  path VARCHAR(4095) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  role VARCHAR(32) NOT NULL COMMENT 'repository, datastore or cache',
  layout VARCHAR(32) NOT NULL COMMENT 'the kind of cache: how files are named',
  limit_bytes BIGINT UNSIGNED NULL COMMENT 'most apparent bytes of its entries; NULL: no limit',
  ttl_seconds BIGINT UNSIGNED NULL COMMENT 'entries not used for longer go first; NULL: never',
  stall_seconds BIGINT UNSIGNED NOT NULL COMMENT 'an incomplete entry not written for longer is given up',
  priority INT UNSIGNED NOT NULL COMMENT 'from 1; the highest gives space first',
  enabled TINYINT UNSIGNED NOT NULL,
  disk_paths TEXT NOT NULL COMMENT 'directories with virtual disks whose backing files must stay, one a line',
  marker CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what the marker file in the directory holds',
  added DATETIME NOT NULL,
  added_by VARCHAR(255) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY name (node, name),
  UNIQUE KEY marker (marker)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='the directories under management';

CREATE TABLE IF NOT EXISTS expireimage_task (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  type ENUM('run','purge','prune','clean','reclaim','upload','cleanup') NOT NULL,
  status ENUM('pending','processing','success','failure') NOT NULL,
  image_name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NULL COMMENT 'imagerevision.imagename, as it names the files',
  revision_id MEDIUMINT UNSIGNED NULL COMMENT 'imagerevision.id, where VCL has one of that name',
  root_id INT UNSIGNED NULL COMMENT 'NULL: several roots, or none',
  root VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the name that the root had',
  node VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the management node that has to do it',
  requested_by VARCHAR(255) NOT NULL COMMENT 'an account of the machine, or a VCL user as unityid@Affiliation',
  user_id MEDIUMINT UNSIGNED NULL COMMENT 'user.id of that VCL user',
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'one for all tasks of one call',
  parent_id BIGINT UNSIGNED NULL COMMENT 'of a cleanup: the upload that failed',
  created DATETIME NOT NULL,
  updated DATETIME NOT NULL COMMENT 'last sign of life; idle since then',
  not_before DATETIME NULL COMMENT 'of a pending one: no worker takes it earlier',
  ended DATETIME NULL,
  expires DATETIME NULL COMMENT 'shown until then, thrown away later',
  deleted DATETIME NULL COMMENT 'no record of it is shown any more; its log stays until it expires',
  bytes_done BIGINT UNSIGNED NOT NULL,
  bytes_total BIGINT UNSIGNED NULL,
  message VARCHAR(1000) NOT NULL COMMENT 'for people, one line',
  input LONGTEXT NOT NULL COMMENT 'JSON: what was asked',
  result LONGTEXT NULL COMMENT 'JSON: the answer',
  scope VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NULL COMMENT 'the lock that it is; NULL: none',
  fence BIGINT UNSIGNED NOT NULL COMMENT 'of its present holder; who has another number may change nothing',
  checks BIGINT UNSIGNED NOT NULL COMMENT 'grows with every transaction that relies on the hold: what the nodes of a Galera cluster compare',
  attempts SMALLINT UNSIGNED NOT NULL COMMENT 'processes that began it',
  worker VARCHAR(255) NULL COMMENT 'host and process namespace of the holder; NULL: nobody has begun',
  pid INT UNSIGNED NULL,
  process_start BIGINT UNSIGNED NULL COMMENT 'start of that process in clock ticks after boot, against reused pids',
  boot_id VARCHAR(64) NULL,
  PRIMARY KEY (id),
  KEY image_name (image_name),
  KEY revision_id (revision_id),
  KEY status (status, node),
  KEY expires (expires)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='everything that takes time; a task is the lock on its image';

CREATE TABLE IF NOT EXISTS expireimage_tasklog (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  task_id BIGINT UNSIGNED NOT NULL,
  logged DATETIME NOT NULL,
  level ENUM('info','warning','error') NOT NULL,
  line TEXT NOT NULL,
  PRIMARY KEY (id),
  KEY task_id (task_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='what happened to a task, line by line';

CREATE TABLE IF NOT EXISTS expireimage_lock (
  scope VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'name:<imagename>, or node:<node>',
  fence BIGINT UNSIGNED NOT NULL COMMENT 'grows with every holder',
  task_id BIGINT UNSIGNED NULL COMMENT 'NULL: free',
  PRIMARY KEY (scope)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='who has what; written in the transaction that writes the task';

CREATE TABLE IF NOT EXISTS expireimage_removal (
  root_id INT UNSIGNED NOT NULL,
  removal VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'one batch of entries; its numbers may be written again',
  task_id BIGINT UNSIGNED NULL COMMENT 'NULL: finished after its task had ended',
  recorded DATETIME NOT NULL,
  entries INT UNSIGNED NOT NULL,
  files BIGINT UNSIGNED NOT NULL,
  apparent_bytes BIGINT UNSIGNED NOT NULL,
  allocated_bytes BIGINT UNSIGNED NOT NULL,
  freed_bytes BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (root_id, removal),
  KEY task_id (task_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='what left the disks';
