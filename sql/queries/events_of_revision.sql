-- The audit trail of a revision: kind, when, who, run, reasons, old and new date, time of deletion, whole image, facts.
-- Parameters: revision id.
SELECT kind, happened, actor, run_id, reasons, old_date, new_date, datedeleted, whole_image, facts
FROM expireimage_event WHERE revision_id = ? ORDER BY id
