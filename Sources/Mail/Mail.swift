package enum MailModule {}
