-- Deletes keeps that ended long ago, a batch at a time. One that ended after the present mark of its revision was made
-- stays: it still makes that mark void.
-- Parameters: first day of an end that is kept.
DELETE FROM expireimage_keep
WHERE until < ?
  AND NOT EXISTS (
    SELECT 1 FROM expireimage_mark k
    WHERE k.revision_id = expireimage_keep.revision_id AND k.marked_on < expireimage_keep.until
  )
ORDER BY id
LIMIT 1000
