-- Takes away the tables that v002_outbox.up.sql made; its columns of expireimage_mail go with that table.

DROP TABLE IF EXISTS expireimage_calendar, expireimage_recipient;
