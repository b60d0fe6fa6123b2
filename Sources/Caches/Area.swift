/// The directories below a root that hold no entries.
package enum Area: String, Sendable, Hashable, CaseIterable {
  /// Entries while they are written.
  case incomplete
  /// Entries that failed a test.
  case invalid
  /// Entries that somebody waits for.
  case queue
  /// What is about to be unlinked.
  case trash

  /// Whether a name is taken by an area, and so is never an entry.
  package static func isReserved(_ name: String) -> Bool { Area(rawValue: name) != nil }

  /// The same for a name's bytes.
  package static func isReserved(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    // Most names are told by their first byte.
    switch name.first {
    case UInt8(ascii: "i"), UInt8(ascii: "q"), UInt8(ascii: "t"):
      allCases.contains { $0.rawValue.utf8.elementsEqual(name) }
    default: false
    }
  }
}
