-- The database of the benchmark, as VCL makes its own.
CREATE DATABASE vcl CHARACTER SET latin1;
