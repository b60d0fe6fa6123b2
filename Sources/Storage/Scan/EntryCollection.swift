import Caches

/// Puts together what belongs to one entry while a directory is read.
struct EntryCollection {
  private let known: KnownNames
  private(set) var entries: [ScannedEntry] = []
  /// For each entry the number of its suffixes.
  private var suffixes: [Int32] = []
  /// For each known name the offset of its entry; -1 is none.
  private var offsets: [Int32]
  private var sharing = SuffixSharing()
  /// The measures of the entries with files of several names, by offset.
  private var linked: [Int: TreeMeasure] = [:]

  init(_ known: KnownNames) {
    self.known = known
    offsets = [Int32](repeating: -1, count: known.count)
    // There are no more than that, and memory that nobody writes to is not taken: growing would take it twice.
    entries.reserveCapacity(known.count)
    suffixes.reserveCapacity(known.count)
  }

  /// Adds a name of the directory, and what it measures, to the entry of the known name of that number.
  mutating func add(_ fileName: UnsafeBufferPointer<UInt8>, of index: Int, _ measure: TreeMeasure) {
    let image = known[index]
    guard offsets[index] >= 0 else {
      offsets[index] = Int32(entries.count)
      if measure.hasLinks { linked[entries.count] = measure }
      let (parts, number) = joined(.suffixes([]), SuffixSharing.none, image, fileName)
      entries.append(ScannedEntry(Self.entry(image, measure), parts))
      suffixes.append(number)
      return
    }
    let offset = Int(offsets[index])
    var sum = linked[offset] ?? TreeMeasure(entries[offset].entry)
    sum.add(measure)
    if sum.hasLinks { linked[offset] = sum }
    let (parts, number) = joined(entries[offset].parts, suffixes[offset], image, fileName)
    entries[offset] = ScannedEntry(Self.entry(image, sum), parts)
    suffixes[offset] = number
  }

  private static func entry(_ image: String, _ measure: TreeMeasure) -> CacheEntry {
    CacheEntry(name: image, size: measure.size, lastUsed: measure.lastUsed, obstacle: measure.obstacle)
  }

  private mutating func joined(
    _ parts: EntryParts, _ number: Int32, _ image: String, _ fileName: UnsafeBufferPointer<UInt8>
  ) -> (EntryParts, Int32) {
    if case .suffixes = parts, fileName.starts(with: image.utf8) {
      let joined = sharing.joined(number, UnsafeBufferPointer(rebasing: fileName[image.utf8.count...]))
      return (.suffixes(sharing[joined]), joined)
    }
    let names = parts.fileNames(of: image) + [FileName("", suffix: Array(fileName))]
    return (.names(names.sorted()), number)
  }

  /// Puts the entries in the order of their names, when all have been added.
  mutating func sort() {
    for (offset, measure) in linked where measure.hasExtraHardLinks {
      entries[offset].entry.noteInUse(.extraHardLinks)
    }
    // The known names are in order, so their entries are: each is moved to its place within the one array.
    var order = offsets.filter { $0 >= 0 }
    for start in order.indices {
      var place = start
      while Int(order[place]) != start {
        let next = Int(order[place])
        entries.swapAt(place, next)
        order[place] = Int32(place)
        place = next
      }
      order[place] = Int32(place)
    }
  }
}

/// Sets of suffixes, each kept once.
struct SuffixSharing {
  private struct Step: Hashable {
    let from: Int32
    let suffix: Int
  }

  /// The number of the empty set.
  static let none: Int32 = 0

  private var sets: [[[UInt8]]] = [[]]
  private var known: [[UInt8]] = []
  private var numbers: [[UInt8]: Int] = [:]
  private var steps: [Step: Int32] = [:]
  private var setNumbers: [[[UInt8]]: Int32] = [[]: 0]

  subscript(number: Int32) -> [[UInt8]] { sets[Int(number)] }

  /// The number of a set with one suffix more.
  mutating func joined(_ number: Int32, _ suffix: UnsafeBufferPointer<UInt8>) -> Int32 {
    let step = Step(from: number, suffix: self.number(of: suffix))
    if let found = steps[step] { return found }
    let set = (sets[Int(number)] + [known[step.suffix]]).sorted { $0.lexicographicallyPrecedes($1) }
    let joined = setNumbers[set] ?? Int32(sets.count)
    if joined == sets.count {
      sets.append(set)
      setNumbers[set] = joined
    }
    steps[step] = joined
    return joined
  }

  private mutating func number(of suffix: UnsafeBufferPointer<UInt8>) -> Int {
    // A root has few of them, as a rule.
    for number in known.indices.prefix(8) where known[number].elementsEqual(suffix) { return number }
    let text = Array(suffix)
    if let found = numbers[text] { return found }
    numbers[text] = known.count
    known.append(text)
    return known.count - 1
  }
}
