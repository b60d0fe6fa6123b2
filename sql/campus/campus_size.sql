-- How many images, live revisions, owners, affiliations of owners and logged reservations there are, and the year of
-- the first reservation.
-- No parameters.
SELECT
  (SELECT COUNT(*) FROM `image` WHERE `name` <> 'noimage' AND `deleted` = 0),
  (SELECT COUNT(*) FROM `imagerevision` r JOIN `image` i ON i.`id` = r.`imageid`
   WHERE r.`deleted` = 0 AND i.`deleted` = 0 AND i.`name` <> 'noimage'),
  (SELECT COUNT(DISTINCT `ownerid`) FROM `image` WHERE `deleted` = 0),
  (SELECT COUNT(DISTINCT u.`affiliationid`) FROM `image` i JOIN `user` u ON u.`id` = i.`ownerid`
   JOIN `affiliation` a ON a.`id` = u.`affiliationid` WHERE a.`name` NOT IN ('Local', 'Global')),
  (SELECT COUNT(*) FROM `log`),
  (SELECT YEAR(MIN(`start`)) FROM `log`)
