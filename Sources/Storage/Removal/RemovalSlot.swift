import Caches
import Glibc

/// A directory in `trash/` that takes in one batch, and the states it goes through.
///
/// `<id>.<from>.leaving`: entries are being moved in; after a crash they are all put back. `<id>.<from>.removing`: they
/// are gone for good, the manifest `<id>.manifest` beside it says how large they were, and after a crash the rest is
/// unlinked. In it `single/` holds entries of one name, `<n>.whole/` the names of one entry each; `<n>.part/` is one that
/// is moved in or out.
struct RemovalSlot {
  enum State: String {
    case leaving, removing
  }

  let id: String
  /// Where its entries came from; nil is the root's own directory.
  let area: Area?
  let state: State

  init(id: String, area: Area?, state: State) {
    self.id = id
    self.area = area
    self.state = state
  }

  /// A new one, unlike every other.
  init(area: Area?) {
    var generator = SystemRandomNumberGenerator()
    self.init(id: hexadecimal(generator.next()), area: area, state: .leaving)
  }

  /// Reads a directory's name; nil for whatever else lies in `trash/`.
  init?(_ name: FileName) {
    let parts = (name.text ?? "").split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, parts[0].utf8.count == 16, let state = State(rawValue: parts[2]),
      parts[1] == "root" || Area(rawValue: parts[1]) != nil
    else { return nil }
    self.init(id: parts[0], area: Area(rawValue: parts[1]), state: state)
  }

  var name: FileName { FileName("\(id).\(area?.rawValue ?? "root").\(state.rawValue)") }
  var manifestName: FileName { FileName(id + Self.manifestSuffix) }
  var asRemoving: RemovalSlot { RemovalSlot(id: id, area: area, state: .removing) }

  static let manifestSuffix = ".manifest"

  static let singleName = FileName("single")
  static func partName(_ number: Int) -> FileName { FileName("\(number).part") }
  static func wholeName(_ number: Int) -> FileName { FileName("\(number).whole") }
  static func isWhole(_ group: FileName) -> Bool { group.text?.hasSuffix(".whole") ?? false }
}
