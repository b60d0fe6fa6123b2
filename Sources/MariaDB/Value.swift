/// A parameter of a statement.
package enum Value: Sendable, Hashable {
  case null
  case int(Int64)
  case unsigned(UInt64)
  case double(Double)
  /// UTF-8 text, whatever the column's character set is.
  case text(String)
  /// Bytes that the server does not convert.
  case bytes([UInt8])
}

extension Value {
  package init(_ value: Int) { self = .int(Int64(value)) }
  package init(_ value: Int?) { self = value.map { .int(Int64($0)) } ?? .null }
  package init(_ value: Bool) { self = .int(value ? 1 : 0) }
  package init(_ value: Bool?) { self = value.map { .int($0 ? 1 : 0) } ?? .null }
  package init(_ value: Double) { self = .double(value) }
  package init(_ value: Double?) { self = value.map { .double($0) } ?? .null }
  package init(_ value: String) { self = .text(value) }
  package init(_ value: String?) { self = value.map { .text($0) } ?? .null }
  package init(_ value: DateTime) { self = .text(value.description) }
  package init(_ value: DateTime?) { self = value.map { .text($0.description) } ?? .null }
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  package init(integerLiteral value: Int64) { self = .int(value) }
  package init(floatLiteral value: Double) { self = .double(value) }
  package init(stringLiteral value: String) { self = .text(value) }
  package init(booleanLiteral value: Bool) { self = .int(value ? 1 : 0) }
  package init(nilLiteral: ()) { self = .null }
}
