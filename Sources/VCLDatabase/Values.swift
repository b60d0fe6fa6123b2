import MariaDB
import Retention

extension Value {
  /// Text for a column of so many characters, cut by Unicode scalars, which are what the database counts: one letter
  /// for a reader may be many.
  package init(_ text: String, scalars limit: Int) {
    // A scalar has at least one byte.
    self = .text(
      text.utf8.count <= limit ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))))
  }
  package init(_ text: String?, scalars limit: Int) {
    self = text.map { Value($0, scalars: limit) } ?? .null
  }

  /// A DATE.
  package init(_ day: Day) { self = .text(day.description) }
  package init(_ day: Day?) { self = day.map { .text($0.description) } ?? .null }
  /// A DATETIME.
  package init(_ moment: Moment) { self = .text(moment.description) }
  package init(_ moment: Moment?) { self = moment.map { .text($0.description) } ?? .null }
}

extension Row {
  /// The day of a DATE or DATETIME column; nil for NULL and for a zero date.
  package func day(_ index: Int) -> Day? {
    dateTime(index).flatMap { Day(year: $0.year, month: $0.month, day: $0.day) }
  }

  /// A DATETIME column; nil for NULL and for a zero date.
  package func moment(_ index: Int) -> Moment? {
    guard let time = dateTime(index), let day = day(index) else { return nil }
    return Moment(day: day, second: time.hour * 3600 + time.minute * 60 + time.second)
  }
}

/// Codes as they stand in one column.
func codes(_ reasons: [Reason]) -> String {
  reasons.map(\.rawValue).joined(separator: " ")
}

/// The reasons in a column of codes; codes of another version of the program are left out.
func reasons(_ codes: String) -> [Reason] {
  codes.split(separator: " ").compactMap { Reason(rawValue: String($0)) }
}
