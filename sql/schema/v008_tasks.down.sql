-- Takes away the tables that v008_tasks.up.sql made. Marker files and image files stay where they are.

DROP TABLE IF EXISTS expireimage_removal;
DROP TABLE IF EXISTS expireimage_lock;
DROP TABLE IF EXISTS expireimage_tasklog;
DROP TABLE IF EXISTS expireimage_task;
DROP TABLE IF EXISTS expireimage_root;
