-- Records what came of an attempt to deliver a claimed mail, and gives it back. One that was replaced or dropped
-- meanwhile stays so, unless it was accepted: then its readers have been told.
-- Parameters: status, status, attempts more, tried at, first tried at, next try at, accepted on, reply code, enhanced
-- code, reply, mail id, claim.
UPDATE expireimage_mail
SET status = IF(status IN ('replaced', 'dropped') AND ? <> 'accepted', status, ?), attempts = attempts + ?,
  tried_at = ?, first_tried_at = COALESCE(first_tried_at, ?), next_try_at = ?, accepted_on = ?, reply_code = ?,
  enhanced_code = ?, reply = ?, claim = NULL, claimed_until = NULL
WHERE id = ? AND claim = ?
