import ArgumentParser
import Foundation
import Operations
import Retention

struct MailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mail",
    abstract: "Look at the mails to owners and admins, try them again, preview and test them.",
    subcommands: [
      List.self, Show.self, Retry.self, Drop.self, Preview.self, Test.self, Bounce.self,
    ])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The mails of the outbox with what became of them, the newest first.",
      discussion: "Example: did the owner know? expireimage mail list --revision 1234")

    @OptionGroup var settingsOptions: SettingsOptions

    @Option(
      help: ArgumentHelp(
        "Only mails that are \(MailStatus.allCases.map(\.rawValue).joined(separator: ", ")).",
        valueName: "status"))
    var status: MailStatus?

    @Option(
      help: ArgumentHelp("Only mails about the images of this owner.", valueName: "unityid@Affiliation"))
    var owner: String?

    @Option(help: ArgumentHelp("Only mails that list the revision with this id.", valueName: "id"))
    var revision: Int?

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 50

    @Flag(help: "One JSON document.")
    var json = false

    func validate() throws {
      guard limit > 0 else { throw ValidationError("'--limit \(limit)' is not above 0.") }
    }

    func run() throws {
      try Output.perform {
        let operation = MailListOperation(try settingsOptions.site())
        let filter = MailListOperation.Filter(
          status: status, owner: owner, revisionID: revision, limit: limit)
        try Output.print(json ? try operation.json(filter) : try operation.table(filter))
        return .done
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "One mail: what it says of which revisions, and what became of it.")

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "A number from `expireimage mail list`.")
    var mail: Int

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "The mail itself, as it is sent, and nothing else.")
    var message = false

    func validate() throws {
      if json, message { throw ValidationError("'--json' and '--message' exclude each other.") }
    }

    func run() throws {
      try Output.perform {
        let operation = MailShowOperation(try settingsOptions.site())
        if message {
          try Output.write(String(decoding: try operation.message(mail), as: UTF8.self))
        } else {
          try Output.print(json ? try operation.json(mail) : try operation.text(mail))
        }
        return .done
      }
    }
  }

  struct Retry: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Try undelivered mails again now: those given, or all whose time has come.",
      discussion: """
        Mails that the server did not take yet come back by themselves after some minutes or hours, but something has \
        to send them: the next nightly run, or this command from cron. Several calls may be at work at the same time.

        Example: */15 * * * * vcl expireimage mail retry
        """)

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "Numbers from `expireimage mail list`; failed and bounced mails are tried again, too.")
    var mails: [Int] = []

    func run() throws {
      try Output.perform {
        let (lines, status) = try MailRetryOperation(try settingsOptions.site()).retry(
          mails, Output.progress(isQuiet: true))
        // Cron mails what is printed: nothing done is nothing said.
        if !mails.isEmpty || status != .done || Output.isRead { for line in lines { try Output.print(line) } }
        return status
      }
    }
  }

  struct Drop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give up undelivered mails; what they list counts as not told.")

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "Numbers from `expireimage mail list`.")
    var mails: [Int]

    func run() throws {
      try Output.perform {
        for line in try MailDropOperation(try settingsOptions.site()).drop(mails) { try Output.print(line) }
        return .done
      }
    }
  }
}

extension MailCommand {
  struct Preview: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The mail that an owner would get; writes and sends nothing.",
      discussion: "Example: expireimage mail preview jdoe@NCSU --today 2027-03-01")

    @OptionGroup var settingsOptions: SettingsOptions
    @OptionGroup var decisionOptions: DecisionOptions

    @Argument(help: ArgumentHelp("The owner.", valueName: "unityid@Affiliation"))
    var owner: String

    @Option(help: "Its text, its HTML, or the whole mail: text, html or eml.")
    var format = MailPreviewOperation.Format.text

    func run() throws {
      try Output.perform {
        let operation = MailPreviewOperation(try settingsOptions.site(), decisionOptions.call)
        let progress = Output.progress(isQuiet: true)
        let (mail, note) = try operation.preview(owner, format, progress)
        if let note { Output.warn(note) }
        try Output.write(mail)
        return .done
      }
    }
  }

  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send one mail to an address, and say what the mail server answered.")

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "Who gets it.")
    var address: String

    func run() throws {
      try Output.perform {
        for line in try MailTestOperation(try settingsOptions.site()).send(to: address) {
          try Output.print(line)
        }
        return .done
      }
    }
  }

  struct Bounce: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a notice back that did not arrive: reads a delivery report from standard input.",
      discussion: """
        For a mail alias, for example in /etc/aliases, with mail.bounce_address = vcl-bounces@example.edu and \
        recipient_delimiter = + in Postfix:

        vcl-bounces: "|/usr/local/bin/expireimage mail bounce"

        What is no delivery report, and what is about no mail of this program, is ignored.
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

extension MailStatus: ExpressibleByArgument {}
extension MailPreviewOperation.Format: ExpressibleByArgument {}
