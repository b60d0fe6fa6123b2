package enum RetentionModule {}
