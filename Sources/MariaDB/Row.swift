import CMariaDB

/// The current row of a result; valid only inside the closure that it was given to.
///
/// Columns count from 0. A read that the column does not allow (NULL where the accessor is not optional, text that is
/// no number) makes the statement fail with an error that names the column, as soon as the closure returns.
package struct Row: ~Copyable {
  let buffer: ResultBuffer

  package var columnCount: Int { buffer.names.count }

  /// The name or alias of a column.
  package func name(_ index: Int) -> String { buffer.names[index] }

  package func isNull(_ index: Int) -> Bool { buffer.isNull(index) }

  /// Integers, and decimals without a fraction, such as SUM gives.
  package func int(_ index: Int) -> Int { present(optionalInt(index), index, "an integer", otherwise: 0) }

  /// As `int`, nil for NULL.
  package func optionalInt(_ index: Int) -> Int? {
    if buffer.isNull(index) { return nil }
    let column = buffer.column(index)
    switch column.kind {
    case .signed: return Int(column.memory.load(as: Int64.self))
    case .unsigned:
      return present(Int(exactly: column.memory.load(as: UInt64.self)), index, "an integer", otherwise: 0)
    case .double:
      return present(Int(exactly: column.memory.load(as: Double.self)), index, "an integer", otherwise: 0)
    case .bits: return Int(truncatingIfNeeded: buffer.bytes(index).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    case .text: return present(integer(text(index)), index, "an integer", otherwise: 0)
    case .date, .dateTime: return present(nil, index, "an integer", otherwise: 0)
    }
  }

  /// Numbers of every kind.
  package func double(_ index: Int) -> Double {
    present(optionalDouble(index), index, "a number", otherwise: 0)
  }

  /// As `double`, nil for NULL.
  package func optionalDouble(_ index: Int) -> Double? {
    if buffer.isNull(index) { return nil }
    let column = buffer.column(index)
    switch column.kind {
    case .signed: return Double(column.memory.load(as: Int64.self))
    case .unsigned: return Double(column.memory.load(as: UInt64.self))
    case .double: return column.memory.load(as: Double.self)
    case .bits: return optionalInt(index).map(Double.init)
    case .text: return present(Double(text(index)), index, "a number", otherwise: 0)
    case .date, .dateTime: return present(nil, index, "a number", otherwise: 0)
    }
  }

  /// Any number but 0 is true.
  package func bool(_ index: Int) -> Bool { int(index) != 0 }

  /// Text as UTF-8; numbers as digits; dates as "YYYY-MM-DD" or "YYYY-MM-DD HH:MM:SS", zero dates included.
  package func string(_ index: Int) -> String {
    present(optionalString(index), index, "a text", otherwise: "")
  }

  /// As `string`, nil for NULL.
  package func optionalString(_ index: Int) -> String? {
    if buffer.isNull(index) { return nil }
    let column = buffer.column(index)
    switch column.kind {
    case .signed: return String(column.memory.load(as: Int64.self))
    case .unsigned: return String(column.memory.load(as: UInt64.self))
    case .double: return "\(column.memory.load(as: Double.self))"
    case .bits: return optionalInt(index).map(String.init)
    case .text: return text(index)
    case .dateTime: return storedDateTime(index).description
    case .date: return String(storedDateTime(index).description.prefix(10))
    }
  }

  /// The bytes of a text or binary column as the server sent them; nil for NULL.
  package func bytes(_ index: Int) -> [UInt8]? {
    if buffer.isNull(index) { return nil }
    switch buffer.column(index).kind {
    case .text, .bits: return [UInt8](buffer.bytes(index))
    default: return optionalString(index).map { [UInt8]($0.utf8) }
    }
  }

  /// A date; nil for NULL, and for the zero date and dates with a zero year, month or day, which are no dates.
  package func dateTime(_ index: Int) -> DateTime? {
    if buffer.isNull(index) { return nil }
    switch buffer.column(index).kind {
    case .date, .dateTime:
      let stored = storedDateTime(index)
      return stored.year > 0 && stored.month > 0 && stored.day > 0 ? stored : nil
    case .text: return DateTime(text(index))
    default: return present(nil as DateTime??, index, "a date", otherwise: nil)
    }
  }

  /// Whether a date column holds something (not NULL) that is no date: `0000-00-00`, `2020-00-00`.
  package func isZeroDate(_ index: Int) -> Bool {
    !buffer.isNull(index) && dateTime(index) == nil
  }

  /// The column as a parameter that would store it again; dates as text.
  package func value(_ index: Int) -> Value {
    if buffer.isNull(index) { return .null }
    let column = buffer.column(index)
    switch column.kind {
    case .signed: return .int(column.memory.load(as: Int64.self))
    case .unsigned: return .unsigned(column.memory.load(as: UInt64.self))
    case .double: return .double(column.memory.load(as: Double.self))
    case .bits: return .int(Int64(int(index)))
    case .text, .date, .dateTime: return .text(string(index))
    }
  }

  private func text(_ index: Int) -> String { String(decoding: buffer.bytes(index), as: UTF8.self) }

  private func storedDateTime(_ index: Int) -> DateTime {
    let time = buffer.column(index).memory.load(as: MYSQL_TIME.self)
    return DateTime(
      year: Int(time.year), month: Int(time.month), day: Int(time.day), hour: Int(time.hour),
      minute: Int(time.minute), second: Int(time.second))
  }

  /// The value, or, noted as a misread, the other one.
  private func present<T>(_ value: T?, _ index: Int, _ wanted: String, otherwise: T) -> T {
    if let value { return value }
    if buffer.misread == nil {
      buffer.misread = "column \(name(index)) is \(buffer.isNull(index) ? "NULL" : "not \(wanted)")"
    }
    return otherwise
  }

  /// "12", "12.00" and "-3" as integers; nil for anything that has a fraction or is no number.
  private func integer(_ text: String) -> Int? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count < 2 || parts[1].allSatisfy({ $0 == "0" }) else { return nil }
    return parts.first.flatMap { Int($0) }
  }
}
