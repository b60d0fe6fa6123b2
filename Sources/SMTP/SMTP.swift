package enum SMTPModule {}
