/// A kind of cache: how a provisioning module of VCL, or another program, names the files of a revision in one directory.
///
/// A new kind is one file in `Kinds/`, and its name in ``ReclaimableCaches/all``. Limits, times and priorities are each
/// root's own, and no matter of its kind.
package protocol ReclaimableCache: Sendable {
  /// As `--layout` has it.
  static var name: String { get }
  /// How files are named, for people: one sentence.
  static var sentence: String { get }

  init()

  /// The number, among the known ones, of the image name that a name in the directory belongs to, exactly; nil for every
  /// other name.
  ///
  /// Hidden names and those of areas are never asked for.
  ///
  /// - Parameters:
  ///   - fileName: the bytes of the name of a directory or a regular file; nothing else is ever an entry.
  ///   - isDirectory: which of the two.
  ///   - known: every image name that VCL's database has, of live revisions too.
  func imageIndex(of fileName: UnsafeBufferPointer<UInt8>, isDirectory: Bool, known: KnownNames) -> Int?

  /// Whether disks of running machines lie in the same directory, whose backing files must stay.
  var holdsDisks: Bool { get }
}

extension ReclaimableCache {
  package var holdsDisks: Bool { false }
}

/// The kinds of cache, by name; the order in which they are named here does not matter.
package struct ReclaimableCaches: Sendable {
  package static let all = ReclaimableCaches([
    KVMCache.self, PlainCache.self, VMwareCache.self, XCATCache.self,
  ])

  private let kinds: [String: any ReclaimableCache]
  /// Names that several kinds have: a mistake in the program. None of those kinds can be used.
  package let ambiguousNames: Set<String>

  package init(_ types: [any ReclaimableCache.Type]) {
    let byName = Dictionary(grouping: types, by: { $0.name })
    ambiguousNames = Set(byName.filter { $0.value.count > 1 }.keys)
    kinds = byName.compactMapValues { $0.count == 1 ? $0[0].init() : nil }
  }

  /// In the order of the alphabet.
  package var names: [String] { kinds.keys.sorted() }

  /// Nil for a name that no kind has.
  package subscript(name: String) -> (any ReclaimableCache)? { kinds[name] }
}
