extension Schedule {
  /// A file for `/etc/cron.d`.
  package var crontab: String {
    """
    # /etc/cron.d/expireimage, as printed by: expireimage schedule cron
    # The nightly run, and between runs the mails that the mail server did not take yet.
    \(time.minute) \(time.hour) * * * \(user) \(nightlyRun)
    */15 * * * * \(user) \(mailRetry)
    """
  }
}
