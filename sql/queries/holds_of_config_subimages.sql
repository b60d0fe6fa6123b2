-- Images that a configuration uses as a subimage: reason code, image, holder.
-- No parameters.
SELECT 'hold_config_subimage', imageid, 'configuration' FROM configsubimage
