package enum VCLDatabaseModule {}
