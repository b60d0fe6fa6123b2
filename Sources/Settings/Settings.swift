package enum SettingsModule {}
