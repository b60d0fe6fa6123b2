-- Takes away the tables of v004_triggers.up.sql; the triggers that read them are gone before.

DROP TABLE IF EXISTS expireimage_expiring, expireimage_ignored, expireimage_clearing;
