-- Revisions with an expire date that the triggers do not know: id, and whether the date is one that we recorded.
-- No parameters.
SELECT r.id, k.revision_id IS NOT NULL
FROM imagerevision r
LEFT JOIN expireimage_expiring e ON e.revision_id = r.id
LEFT JOIN expireimage_mark k ON k.revision_id = r.id AND k.expiredate = r.expiredate
WHERE r.expiredate > '0000-00-00' AND e.revision_id IS NULL
ORDER BY r.id
