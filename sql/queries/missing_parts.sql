-- What the migrations made besides tables and columns and is missing, as the subject of a sentence; for a database that
-- has all tables.
-- No parameters.
SELECT 'the index imagerevision.expiredate' FROM DUAL
WHERE NOT EXISTS (
  SELECT 1 FROM information_schema.STATISTICS
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'imagerevision' AND COLUMN_NAME = 'expiredate' AND SEQ_IN_INDEX = 1
)
UNION ALL
SELECT 'the state expireimage' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM state WHERE name = 'expireimage')
UNION ALL
SELECT 'the row of expireimage_lease' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM expireimage_lease WHERE id = 1)
