-- Adds the row that makes an image a cluster.
-- Parameters: subimages (0 or 1).
INSERT INTO `imagemeta`
  (`checkuser`, `subimages`, `sysprep`, `postoption`, `architecture`, `rootaccess`, `sethostname`)
VALUES (1, ?, 1, NULL, NULL, 1, NULL)
