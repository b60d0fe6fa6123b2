/// Finds a name by its bytes: many look-ups, no text made for any of them.
struct NameTable: Sendable {
  /// As they were given, without repetitions.
  let names: [String]
  /// A hash table with open addressing, a power of two long and at most half full: indices into ``names``, -1 is free.
  private let slots: [Int32]

  /// - Parameter names: told apart by their bytes; Swift's own comparison takes two spellings of an accented letter for one.
  init(distinct names: [String]) {
    self.names = names
    var length = 4
    while length < 2 * names.count { length *= 2 }
    var slots = [Int32](repeating: -1, count: length)
    for (index, name) in names.enumerated() {
      name.withBytes { bytes in
        var slot = Self.start(bytes, length)
        while slots[slot] >= 0 { slot = (slot + 1) & (length - 1) }
        slots[slot] = Int32(index)
      }
    }
    self.slots = slots
  }

  /// The index of the name with exactly these bytes.
  func index(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var slot = Self.start(bytes, slots.count)
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      if names[index].withBytes({ $0.elementsEqual(bytes) }) { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Swift's hash differs from process to process, so nobody can choose names that all begin at one place.
  private static func start(_ bytes: UnsafeBufferPointer<UInt8>, _ length: Int) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    return hasher.finalize() & (length - 1)
  }
}

extension String {
  /// The bytes as UTF-8, in place.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = self
    return copy.withUTF8(body)
  }

  /// In the order of the bytes, in which file systems' names are compared.
  func precedesByBytes(_ other: String) -> Bool {
    withBytes { mine in other.withBytes { mine.lexicographicallyPrecedes($0) } }
  }
}
