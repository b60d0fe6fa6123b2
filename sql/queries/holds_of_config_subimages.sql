-- Images that a configuration uses as a subimage: reason code, image, holder. Error 1146 where this VCL has no such table.
-- No parameters.
SELECT 'hold_config_subimage', imageid, 'configuration' FROM configsubimage
