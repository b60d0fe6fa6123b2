-- The admins' and the shared mailbox's addresses of the management nodes in service.
-- No parameters.
SELECT DISTINCT n.sysadminEmailAddress, n.sharedMailBox
FROM managementnode n
LEFT JOIN state s ON s.id = n.stateid
WHERE COALESCE(s.name, '') <> 'deleted'
ORDER BY n.id
