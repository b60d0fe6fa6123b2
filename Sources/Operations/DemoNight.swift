import Campus
import Retention
import VCLDatabase

/// One night of the demonstration, as its log and its index tell it.
struct DemoNight {
  let number: Int
  let day: Day
  let report: RunReport
  /// The mails that arrived; one that is refused for its owner still reaches the archive.
  let received: [SunkMail]
  /// What people had done the day before, a sentence each.
  let acts: [String]
  /// What is special about what the program did, a sentence each.
  let answers: [String]

  func count(_ kind: Decision.Kind) -> Int { report.decisions.count { $0.kind == kind } }

  /// Mails that their readers got.
  var deliveredCount: Int { report.mails.count { $0.status == "accepted" } }

  /// Mails that were refused for their readers.
  var refused: [Outbox.Sent] { report.mails.filter { $0.status == "failed" } }
}

extension DemoNight {
  private static let columns = [
    ("Night", 5), ("Date", 16), ("Mode", 8), ("Marked", 8), ("Moved", 7), ("Cleared", 9), ("Flagged", 9),
    ("Mails", 7),
  ]

  static var header: String { row(columns.map(\.0)) }

  /// A row of numbers, and under it what is worth a sentence.
  var lines: [String] {
    func number(_ count: Int) -> String { count == 0 ? "·" : String(count) }
    let row = Self.row([
      String(self.number), "\(day.weekday.rawValue.capitalizedFirst) \(day)", report.mode.rawValue,
      number(count(.mark)), number(count(.redate)), number(count(.unmark)), number(count(.flag)),
      number(deliveredCount),
    ])
    return [row] + acts.map { DemoText.wrapped($0, first: "        * ") }
      + answers.map { DemoText.wrapped($0, first: "        > ") }
  }

  /// The first three columns are texts, the others numbers.
  private static func row(_ cells: [String]) -> String {
    zip(cells, columns).enumerated().map { index, cell in
      switch index {
      case 0: cell.0.leftPadded(to: cell.1.1) + "  "
      case 1, 2: cell.0.padded(to: cell.1.1)
      default: cell.0.leftPadded(to: cell.1.1)
      }
    }.joined()
  }
}

/// Lines for a terminal.
enum DemoText {
  static let columns = 100

  /// The text broken between words; later lines are indented as deep as `first` is long.
  static func wrapped(_ text: String, first: String = "", columns: Int = columns) -> String {
    let indent = String(repeating: " ", count: first.count)
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > columns {
        lines.append(line)
        line = indent
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// `1 revision`, `2 revisions`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// `a, b and c`.
  static func list(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
