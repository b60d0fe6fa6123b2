-- The account of the nightly run, with no right that it does not use. Run it as a database administrator, after
-- `expireimage migrate up` (which needs the administrator's account too), on the database of VCL:
--
--   mariadb vcl < sql/grants.sql
--
-- Put your own host and a password of yours where the first statement has them; with unix_socket the account of the
-- same name on this machine needs no password.

CREATE USER IF NOT EXISTS 'expireimage'@'localhost' IDENTIFIED VIA unix_socket;

-- What a decision needs to know. Of tables that hold secrets or personal data, the columns that are read.
GRANT SELECT ON OS TO 'expireimage'@'localhost';
GRANT SELECT (id, name, helpaddress, sitewwwaddress) ON affiliation TO 'expireimage'@'localhost';
GRANT SELECT ON blockComputers TO 'expireimage'@'localhost';
GRANT SELECT ON blockRequest TO 'expireimage'@'localhost';
GRANT SELECT ON blockTimes TO 'expireimage'@'localhost';
GRANT SELECT ON changelog TO 'expireimage'@'localhost';
GRANT SELECT (id, stateid, nextimageid, imagerevisionid, hostname, deleted) ON computer TO 'expireimage'@'localhost';
GRANT SELECT ON image TO 'expireimage'@'localhost';
GRANT SELECT ON imagemeta TO 'expireimage'@'localhost';
GRANT SELECT ON imagerevision TO 'expireimage'@'localhost';
GRANT SELECT ON log TO 'expireimage'@'localhost';
GRANT SELECT (id, stateid, sysadminEmailAddress, sharedMailBox) ON managementnode TO 'expireimage'@'localhost';
GRANT SELECT ON messagereset TO 'expireimage'@'localhost';
GRANT SELECT ON oneclick TO 'expireimage'@'localhost';
GRANT SELECT (id, stateid, userid, logid) ON request TO 'expireimage'@'localhost';
GRANT SELECT (id, requestid, imageid, imagerevisionid) ON reservation TO 'expireimage'@'localhost';
GRANT SELECT ON semaphore TO 'expireimage'@'localhost';
GRANT SELECT (id, name, imageid) ON serverprofile TO 'expireimage'@'localhost';
GRANT SELECT ON state TO 'expireimage'@'localhost';
GRANT SELECT ON subimages TO 'expireimage'@'localhost';
GRANT SELECT ON sublog TO 'expireimage'@'localhost';
GRANT SELECT (id, unityid, affiliationid, firstname, lastname, preferredname, email) ON user TO 'expireimage'@'localhost';
GRANT SELECT (identifier, expires) ON vcldsemaphore TO 'expireimage'@'localhost';
GRANT SELECT (id, profilename, imageid) ON vmprofile TO 'expireimage'@'localhost';

-- Only some versions of VCL have this table. Without this right the account cannot tell a table that is missing from
-- one that it may not see; given now, it also holds for a table that comes later. The server lets a right on a table
-- that is not there be given only together with CREATE.
GRANT SELECT, CREATE ON configsubimage TO 'expireimage'@'localhost';
REVOKE CREATE ON configsubimage FROM 'expireimage'@'localhost';

-- What a run changes of VCL's: dates and flags, nothing else.
GRANT UPDATE (expiredate, deleted, datedeleted) ON imagerevision TO 'expireimage'@'localhost';
GRANT UPDATE (deleted) ON image TO 'expireimage'@'localhost';

-- The parameters. INSERT, UPDATE and DELETE are for `expireimage policy`; without them an administrator sets them.
GRANT SELECT, INSERT, UPDATE, DELETE ON variable TO 'expireimage'@'localhost';

-- Its own tables. Rows of the audit trail are never changed; old ones go where expireimage_audit_days says so.
GRANT SELECT ON expireimage_migration TO 'expireimage'@'localhost';
GRANT SELECT ON expireimage_clearing TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, DELETE ON expireimage_event TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON expireimage_calendar TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, DELETE ON expireimage_expiring TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, DELETE ON expireimage_ignored TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON expireimage_keep TO 'expireimage'@'localhost';
GRANT SELECT, UPDATE ON expireimage_lease TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE ON expireimage_lock TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON expireimage_mail TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON expireimage_mark TO 'expireimage'@'localhost';
GRANT SELECT, INSERT ON expireimage_message TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON expireimage_notice TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON expireimage_recipient TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON expireimage_removal TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON expireimage_root TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE ON expireimage_run TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON expireimage_task TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, DELETE ON expireimage_tasklog TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON expireimage_usage TO 'expireimage'@'localhost';
GRANT SELECT, INSERT, UPDATE ON expireimage_usage_state TO 'expireimage'@'localhost';

-- The triggers run with the rights of the account that ran `expireimage migrate up` (their definer), not with this one's,
-- and VCL's statements need none on our tables. That account must stay, and keep its rights on VCL's database: without
-- it every reservation fails with error 1449. So migrate as an account that nobody drops, such as root@localhost.
-- Seeing a trigger takes the right to make some; these procedures of the definer tell this account what it checks.
-- A site without triggers (`migrate up --no-triggers`) does not have them.
SELECT IF(COUNT(*) > 0, "GRANT EXECUTE ON PROCEDURE expireimage_describe_trigger TO 'expireimage'@'localhost'", 'DO 0')
FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_NAME = 'expireimage_describe_trigger'
INTO @expireimage_grant;
EXECUTE IMMEDIATE @expireimage_grant;

SELECT IF(COUNT(*) > 0, "GRANT EXECUTE ON PROCEDURE expireimage_probe_triggers TO 'expireimage'@'localhost'", 'DO 0')
FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_NAME = 'expireimage_probe_triggers'
INTO @expireimage_grant;
EXECUTE IMMEDIATE @expireimage_grant;

-- The procedures for VCL's frontend run with the rights of the account that calls them. As VCL's installation makes the
-- account of its web, it may select, insert, update and delete in all tables, and needs the first two lines alone:
--
-- GRANT EXECUTE ON PROCEDURE expireimage_revision TO 'vcluser'@'localhost';
-- GRANT EXECUTE ON PROCEDURE expireimage_reset TO 'vcluser'@'localhost';
--
-- One that may do less with VCL's tables needs these, and to select from image, imagerevision, user, affiliation and
-- variable, and to update imagerevision:
--
-- GRANT SELECT ON expireimage_mark TO 'vcluser'@'localhost';
-- GRANT SELECT ON expireimage_mail TO 'vcluser'@'localhost';
-- GRANT SELECT ON expireimage_notice TO 'vcluser'@'localhost';
-- GRANT SELECT, INSERT ON expireimage_event TO 'vcluser'@'localhost';
-- GRANT SELECT, INSERT ON expireimage_keep TO 'vcluser'@'localhost';
