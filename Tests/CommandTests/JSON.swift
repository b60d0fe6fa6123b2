import Foundation

/// A JSON document as it stands: no number passes for a text, no 1 for true, and a key with null is a key.
enum JSON: Decodable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case array([JSON])
  case object([String: JSON])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  /// The one document in a text; anything before or behind it is an error.
  init(_ text: String) throws {
    do {
      self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    } catch {
      throw Mismatch("not one JSON document: '\(text.prefix(300))'")
    }
  }

  /// The document has another shape than promised.
  struct Mismatch: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
  }

  /// The members of an object that has exactly these keys.
  func members(_ keys: Set<String>) throws -> [String: JSON] {
    guard case .object(let members) = self, Set(members.keys) == keys else {
      throw Mismatch("not an object with the keys \(keys.sorted()): \(self)")
    }
    return members
  }

  var keys: Set<String> {
    if case .object(let members) = self { Set(members.keys) } else { [] }
  }

  subscript(key: String) -> JSON {
    get throws {
      guard case .object(let members) = self, let member = members[key] else {
        throw Mismatch("no key \(key) in \(self)")
      }
      return member
    }
  }

  var integer: Int {
    get throws {
      guard case .integer(let value) = self else { throw Mismatch("not an integer: \(self)") }
      return value
    }
  }

  var text: String {
    get throws {
      guard case .text(let value) = self else { throw Mismatch("not a text: \(self)") }
      return value
    }
  }

  var bool: Bool {
    get throws {
      guard case .bool(let value) = self else { throw Mismatch("not true or false: \(self)") }
      return value
    }
  }

  var array: [JSON] {
    get throws {
      guard case .array(let value) = self else { throw Mismatch("not a list: \(self)") }
      return value
    }
  }

  var optionalText: String? { get throws { self == .null ? nil : try text } }

  /// `YYYY-MM-DD`.
  var day: String {
    get throws {
      let value = try text
      guard value.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil else { throw Mismatch("not a day: \(self)") }
      return value
    }
  }

  var optionalDay: String? { get throws { self == .null ? nil : try day } }

  /// The counts of an object whose members are all integers.
  var counts: [String: Int] {
    get throws {
      guard case .object(let members) = self else { throw Mismatch("not an object: \(self)") }
      return try members.mapValues { try $0.integer }
    }
  }
}
