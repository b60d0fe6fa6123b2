-- Adds to the audit trail.
-- Parameters: run id, revision id, image id, kind, happened, actor, reasons, old date, new date, date and time of deletion,
-- whole image, facts.
INSERT INTO expireimage_event (run_id, revision_id, image_id, kind, happened, actor, reasons, old_date, new_date,
  datedeleted, whole_image, facts)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
