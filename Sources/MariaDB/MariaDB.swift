package enum MariaDBModule {}
