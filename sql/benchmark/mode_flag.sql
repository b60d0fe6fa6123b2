-- Switches the program on.
UPDATE variable SET value = 'flag' WHERE name = 'expireimage_mode'
