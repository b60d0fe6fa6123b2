-- Makes VCL's database, empty, and turns to it.
-- A script.
CREATE DATABASE `vcl` CHARACTER SET latin1;

USE `vcl`;

SET foreign_key_checks = 0;
