-- Makes an image part of a cluster.
-- Parameters: the parent's imagemetaid, id of the image within.
INSERT INTO `subimages` (`imagemetaid`, `imageid`) VALUES (?, ?)
