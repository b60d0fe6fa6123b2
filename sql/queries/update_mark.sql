-- Gives a mark another date.
-- Parameters: date, computed date, revision id.
UPDATE expireimage_mark SET expiredate = ?, computed_date = ? WHERE revision_id = ?
