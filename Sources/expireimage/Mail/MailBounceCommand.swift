import ArgumentParser
import Foundation
import Operations

extension MailCommand {
  struct Bounce: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a notice back that did not arrive: reads a delivery report from standard input.",
      discussion: """
        For a mail alias, for example in /etc/aliases, with mail.bounce_address = vcl-bounces@example.edu and \
        recipient_delimiter = + in Postfix:

        vcl-bounces: "|/usr/local/bin/expireimage mail bounce"

        What is no delivery report, and what is about no mail of this program, is ignored.

        Example: expireimage mail bounce < report.eml
        """)

    @OptionGroup var settingsOptions: SettingsOptions

    @Option(
      help: ArgumentHelp(
        "To whom the report came, where its headers do not say; default ORIGINAL_RECIPIENT of the environment.",
        valueName: "address"))
    var recipient: String?

    func run() throws {
      try Output.perform {
        let report = try Self.standardInput()
        let address = recipient ?? ProcessInfo.processInfo.environment["ORIGINAL_RECIPIENT"]
        do {
          try Output.print(
            try MailBounceOperation(try settingsOptions.site()).take(report, recipient: address))
        } catch {
          // For any other status a mail server gives the report up.
          throw Failure("\(Failure(error))", .tryAgain)
        }
        return .done
      }
    }
  }
}

extension MailCommand.Bounce {
  /// Of a mail that is too large to be a report, the beginning: all is read, because a mail server takes a program that
  /// leaves some unread for broken.
  private static func standardInput() throws -> [UInt8] {
    var report: [UInt8] = []
    while let piece = try FileHandle.standardInput.read(upToCount: 1 << 16), !piece.isEmpty {
      if report.count < 4 << 20 { report += piece }
    }
    return report
  }
}
