import Foundation
import Logging
import Mail

/// An event as one line of a log.
package struct LogLine {
  /// What a line looks like.
  package enum Form: Sendable, Equatable {
    /// For a person: no time and no fields; what is wrong begins in a color where the screen has any.
    case terminal(Screen)
    /// Time, level, fields and message: for cron, pipes and files.
    case plain
    /// One JSON object.
    case json
  }

  let level: Logger.Level
  let message: String
  /// Such as `run_id` and `revision_id`: numbers stay numbers.
  let fields: Logger.Metadata
  let time: Date

  package init(level: Logger.Level, message: String, fields: Logger.Metadata = [:], time: Date = Date()) {
    self.level = level
    // Text from the database, or of a mail server, must not be able to begin another line.
    self.message = PlainLine.of(message)
    self.fields = fields
    self.time = time
  }

  /// - Parameter isForJournal: the line begins with its priority as sd-daemon(3) has it, and leaves the time to the
  ///   journal.
  package func text(_ form: Form, isForJournal: Bool) -> String {
    let body =
      switch form {
      case .terminal(let screen):
        "\(screen.styled("expireimage:", level.style)) \(level == .warning ? "warning: " : "")\(message)"
      case .plain: plain(isForJournal: isForJournal)
      case .json: json
      }
    return isForJournal ? "<\(level.journalPriority)>\(body)" : body
  }

  private func plain(isForJournal: Bool) -> String {
    var words = isForJournal ? [] : [timeText, level.rawValue]
    words += fields.sorted { Self.rank($0.key) < Self.rank($1.key) }.map {
      "\($0.key)=\(PlainLine.of("\($0.value)"))"
    }
    return (words + [message]).joined(separator: " ")
  }

  /// The run before the revision, before what happened to it.
  private static func rank(_ key: String) -> String {
    let order = ["run_id", "mail_id", "revision_id", "event"]
    return "\(order.firstIndex(of: key) ?? order.count)\(key)"
  }

  private var json: String {
    var members: [String: JSONValue] = [
      "time": .text(timeText), "level": .text(level.rawValue), "message": .text(message),
    ]
    for (key, value) in fields {
      if case .stringConvertible(let number as Int) = value {
        members[key] = .number(number)
      } else {
        members[key] = .text(PlainLine.of("\(value)"))
      }
    }
    return (try? JSONOutput.text(JSONValue.object(members), isPretty: false)) ?? "{}"
  }

  private var timeText: String { time.formatted(Date.ISO8601FormatStyle(timeZone: .current)) }
}

extension Logger.Level {
  /// How a line of it begins for a person.
  fileprivate var style: Style? { self >= .error ? .red : self == .warning ? .yellow : nil }

  /// Syslog's numbers, which journald reads.
  fileprivate var journalPriority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}
