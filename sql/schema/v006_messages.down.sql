-- Takes away the table that v006_messages.up.sql made; the mails go with theirs.

DROP TABLE IF EXISTS expireimage_message;
