-- Opens a transaction in which every statement sees the database as it is now; only REPEATABLE READ keeps a snapshot.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;
