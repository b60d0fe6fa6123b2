-- Ends the keeps of a revision that are in force; they stay on record.
-- Parameters: today twice, revision id, origin or NULL twice, who set it or NULL twice.
UPDATE expireimage_keep SET until = ?
WHERE (until IS NULL OR until > ?) AND revision_id = ? AND (? IS NULL OR origin = ?) AND (? IS NULL OR set_by = ?)
