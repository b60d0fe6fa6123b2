import ArgumentParser
import Operations

extension MailCommand {
  struct Retry: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Try undelivered mails again now: those given, or all whose time has come.",
      discussion: """
        Mails that the server did not take yet come back by themselves after some minutes or hours, but something has \
        to send them: the next nightly run, or this command from cron. Several calls may be at work at the same time.

        Example: expireimage mail retry

        Example: expireimage mail retry 17
        """)

    @OptionGroup var settingsOptions: SettingsOptions

    @OptionGroup var logOptions: LogOptions

    @Argument(help: "Numbers from `expireimage mail list`; failed and bounced mails are tried again, too.")
    var mails: [Int] = []

    func run() throws {
      let progress = logOptions.progress(.warning)
      try Output.perform(progress) {
        var (lines, status) = try MailRetryOperation(
          try settingsOptions.site { progress.event($0, level: .warning) }
        ).retry(mails, progress)
        progress.clear()
        if let reason = progress.logFailure {
          lines.append(
            "the log cannot be written (\(reason)); what is listed here is done, make room for the log")
          if status == .done { status = .doneInPart }
        }
        // Cron mails what is printed: nothing done is nothing said.
        if !mails.isEmpty || status != .done || Output.isRead { for line in lines { try Output.print(line) } }
        return status
      }
    }
  }
}
