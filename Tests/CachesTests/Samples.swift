import Caches

/// An entry of so many bytes (the same in all three measures), used so many seconds after the start of time.
func entry(
  _ name: String, _ bytes: Int64, used: Int64, freed: Int64? = nil, inUse: InUse? = nil,
  obstacle: Obstacle? = nil
) -> CacheEntry {
  CacheEntry(
    name: name,
    size: EntrySize(
      files: 1, apparentBytes: bytes, allocatedBytes: freed ?? bytes, freedBytes: freed ?? bytes),
    lastUsed: FileTime(seconds: used), inUse: inUse, obstacle: obstacle)
}

/// Up to 40 entries of all kinds.
func randomEntries(_ generator: inout some RandomNumberGenerator) -> [CacheEntry] {
  (0..<Int.random(in: 0...40, using: &generator)).map { number in
    entry(
      "image\(number)-v1", Int64.random(in: 0...50, using: &generator),
      used: Int64.random(in: 0...9, using: &generator),
      freed: Int.random(in: 0..<4, using: &generator) == 0 ? Int64.random(in: 0...9, using: &generator) : nil,
      inUse: Int.random(in: 0..<5, using: &generator) == 0
        ? InUse.allCases.randomElement(using: &generator) : nil,
      obstacle: Int.random(in: 0..<12, using: &generator) == 0 ? .unreadable : nil)
  }
}

/// The same numbers for the same seed (a linear congruential generator of 64 bits, its upper half).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    func half() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 32
    }
    return half() << 32 | half()
  }
}
