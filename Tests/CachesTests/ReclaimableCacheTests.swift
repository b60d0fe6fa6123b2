import Testing

@testable import Caches

@Suite struct ReclaimableCacheTests {
  private static let types: [any ReclaimableCache.Type] = [
    KVMCache.self, PlainCache.self, VMwareCache.self, XCATCache.self,
  ]

  private struct OtherPlain: ReclaimableCache {
    static let name = PlainCache.name
    static let sentence = ""

    func imageIndex(
      of fileName: UnsafeBufferPointer<UInt8>, isDirectory: Bool, known: KnownNames
    ) -> Int? { 0 }
  }

  @Test("every kind has a name of its own")
  func unambiguous() {
    #expect(ReclaimableCaches.all.ambiguousNames == [])
    #expect(ReclaimableCaches.all.names == ["kvm", "plain", "vmware", "xcat"])
    #expect(Layout.allCases == [.kvm, .plain, .vmware, .xcat])
  }

  @Test("the order in which kinds are named changes nothing", arguments: 0..<10)
  func order(seed: Int) {
    var generator = SeededGenerator(seed)
    let known = KnownNames(["a-v1", "b-v1"])
    let shuffled = ReclaimableCaches(Self.types.shuffled(using: &generator))
    #expect(shuffled.names == ReclaimableCaches.all.names)
    for name in shuffled.names {
      for (file, isDirectory) in [
        ("a-v1", true), ("a-v1", false), ("a-v1.xml", false), ("a-v1-sda1.gz", false),
      ] {
        file.withBytes { bytes in
          #expect(
            shuffled[name]?.imageIndex(of: bytes, isDirectory: isDirectory, known: known)
              == ReclaimableCaches.all[name]?.imageIndex(of: bytes, isDirectory: isDirectory, known: known))
        }
      }
    }
  }

  @Test("of two kinds of one name none can be used, whichever comes first")
  func duplicates() {
    for types in [Self.types + [OtherPlain.self], [OtherPlain.self] + Self.types]
      as [[any ReclaimableCache.Type]]
    {
      let caches = ReclaimableCaches(types)
      #expect(caches.ambiguousNames == ["plain"])
      #expect(caches["plain"] == nil && caches["kvm"] != nil)
    }
  }
}
