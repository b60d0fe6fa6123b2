import Campus
import Retention
import VCLDatabase

/// One night of the demonstration, as its log and its index tell it.
struct DemoNight {
  let number: Int
  let day: Day
  let report: RunReport
  /// The mails about images that arrived; one that is refused for its owner still reaches the archive.
  let received: [SunkMail]
  /// The admins' summary.
  let summaries: [SunkMail]
  /// What people had done the day before, a sentence each.
  let acts: [String]
  /// What is special about what the program did, a sentence each.
  let answers: [String]

  /// - Parameter mails: all that arrived.
  init(number: Int, day: Day, report: RunReport, mails: [SunkMail], acts: [String], answers: [String]) {
    self.number = number
    self.day = day
    self.report = report
    received = mails.filter { !Self.isSummary($0) }
    summaries = mails.filter(Self.isSummary)
    self.acts = acts
    self.answers = answers
  }

  /// By its Message-ID, which stands near its beginning.
  private static func isSummary(_ mail: SunkMail) -> Bool {
    String(decoding: mail.data.prefix(2000), as: UTF8.self).contains(".summary@")
  }

  /// The nights' columns: what the program did, and how often.
  ///
  /// A restore and an undelete clear a date too, and are counted as what they are.
  var counts: [(word: String, count: Int)] {
    let kept = (report.mode == .report ? [] : report.plan?.decisions ?? []).count {
      $0.keepUntil != nil && !$0.isRestore
    }
    let cleared = report.decisions.count { $0.kind == .unmark && $0.keepUntil == nil }
    return [
      ("marked", count(.mark)), ("moved", count(.redate)), ("cleared", cleared), ("kept", kept),
      ("flagged", count(.flag)), ("restored", report.decisions.count(where: \.isRestore)),
    ]
  }

  private func count(_ kind: Decision.Kind) -> Int { report.decisions.count { $0.kind == kind } }

  /// Mails that their readers got.
  var deliveredCount: Int { report.mails.count { $0.status == "accepted" } }

  /// Mails that were refused for their readers.
  var refused: [Outbox.Sent] { report.mails.filter { $0.status == "failed" } }
}

extension DemoNight {
  private static let columns = [
    ("Night", 5), ("Date", 16), ("Mode", 8), ("Marked", 8), ("Moved", 7), ("Cleared", 9), ("Kept", 6),
    ("Flagged", 9), ("Restored", 10), ("Mails", 7), ("Refused", 9),
  ]

  static var header: String { row(columns.map(\.0)) }

  /// A row of numbers, and under it what is worth a sentence.
  var lines: [String] {
    let numbers = (counts.map(\.count) + [deliveredCount, refused.count]).map { $0 == 0 ? "·" : String($0) }
    let row = Self.row(
      [String(number), "\(day.weekday.rawValue.capitalizedFirst) \(day)", report.mode.rawValue] + numbers)
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
