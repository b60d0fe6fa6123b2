-- Every transaction that relies on the lease changes its row: that is what the nodes of a Galera cluster compare.
-- Every statement can be run again, so that an interrupted migration is completed by running it once more.

ALTER TABLE expireimage_lease
  ADD COLUMN IF NOT EXISTS checks BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'grows with every transaction that relies on the lease';
