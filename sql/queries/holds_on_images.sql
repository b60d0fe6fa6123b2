-- What needs an image as a whole, and so its production revision: reason code, image, who or what holds it.
-- Parameters: now, three times.
SELECT 'hold_image_reservation' AS reason, rs.imageid AS image_id,
  CONCAT('reservation ', rs.id, ' of ', COALESCE(u.unityid, 'nobody')) AS holder
FROM reservation rs
JOIN request q ON q.id = rs.requestid
LEFT JOIN user u ON u.id = q.userid
WHERE q.stateid IN (SELECT s.id FROM state s WHERE s.name NOT IN ('complete', 'failed'))
UNION ALL
SELECT 'hold_block_request', b.imageid, CONCAT('block allocation ', b.name)
FROM blockRequest b
WHERE (b.status IN ('requested', 'accepted') AND b.expireTime > ?)
  OR (
    b.status = 'accepted'
    AND EXISTS (SELECT 1 FROM blockTimes t WHERE t.blockRequestid = b.id AND t.skip = 0 AND t.end > ?)
  )
UNION ALL
SELECT 'hold_block_computer', c.imageid, CONCAT('block allocation ', b.name)
FROM blockComputers c
JOIN blockTimes t ON t.id = c.blockTimeid
LEFT JOIN blockRequest b ON b.id = t.blockRequestid
WHERE t.end > ?
UNION ALL
SELECT 'hold_server_profile', p.imageid, CONCAT('server profile ', p.name)
FROM serverprofile p
UNION ALL
SELECT 'hold_subimage', x.imageid, CONCAT('cluster image ', parent.prettyname)
FROM subimages x
JOIN imagemeta meta ON meta.id = x.imagemetaid AND meta.subimages = 1
JOIN image parent ON parent.imagemetaid = meta.id AND parent.deleted = 0
UNION ALL
SELECT 'hold_vm_profile', v.imageid, CONCAT('VM host profile ', v.profilename)
FROM vmprofile v
UNION ALL
SELECT 'hold_next_image', c.nextimageid, CONCAT('computer ', c.hostname)
FROM computer c
WHERE c.deleted = 0
UNION ALL
SELECT 'hold_one_click', k.imageid, CONCAT('one-click link ', k.name)
FROM oneclick k
WHERE k.status = 1
