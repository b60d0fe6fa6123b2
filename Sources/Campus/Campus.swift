package enum CampusModule {}
