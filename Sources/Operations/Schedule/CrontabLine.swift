extension Schedule {
  /// A file for `/etc/cron.d`.
  package var crontab: String {
    """
    # /etc/cron.d/expireimage, as printed by: expireimage schedule cron
    # The nightly run, and between runs the mails that the mail server did not take yet. Both print nothing while all is
    # well, so that cron sends no mail.
    \(time.minute) \(time.hour) * * * \(user) \(nightlyRun(isQuiet: true))
    */15 * * * * \(user) \(mailRetry)
    """
  }
}
