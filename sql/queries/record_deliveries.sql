-- Records what came of attempts to deliver claimed mails, and gives these back. One that was replaced or dropped
-- meanwhile stays so, unless it was accepted: then its readers have been told.
-- One statement for all of them, because the server plans it once and not once a mail.
-- Parameters: a JSON array with an array for each mail (mail id, status, attempts more, tried at, first tried at, next try
-- at, accepted on, reply code, enhanced code, reply), claim.
UPDATE expireimage_mail m
JOIN JSON_TABLE(
  ?, '$[*]' COLUMNS (
    id INT UNSIGNED PATH '$[0]',
    status VARCHAR(20) CHARACTER SET ascii PATH '$[1]',
    attempts INT UNSIGNED PATH '$[2]',
    tried_at DATETIME PATH '$[3]',
    first_tried_at DATETIME PATH '$[4]',
    next_try_at DATETIME PATH '$[5]',
    accepted_on DATE PATH '$[6]',
    reply_code SMALLINT UNSIGNED PATH '$[7]',
    enhanced_code VARCHAR(15) CHARACTER SET utf8mb4 PATH '$[8]',
    reply VARCHAR(500) CHARACTER SET utf8mb4 PATH '$[9]'
  )
) a ON a.id = m.id
SET m.status = IF(m.status IN ('replaced', 'dropped') AND a.status <> 'accepted', m.status, a.status),
  m.attempts = m.attempts + a.attempts, m.tried_at = a.tried_at,
  m.first_tried_at = COALESCE(m.first_tried_at, a.first_tried_at), m.next_try_at = a.next_try_at,
  m.accepted_on = a.accepted_on, m.reply_code = a.reply_code, m.enhanced_code = a.enhanced_code, m.reply = a.reply,
  m.claim = NULL, m.claimed_until = NULL
WHERE m.claim = ?
