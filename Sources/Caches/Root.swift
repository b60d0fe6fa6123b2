/// A directory under management, as it is configured.
package struct Root: Sendable, Hashable {
  package let name: String
  /// Absolute.
  package let path: String
  package let role: RootRole
  package let layout: Layout
  /// Most bytes (apparent) that its entries may have; nil is no limit, 0 is none at all.
  package var limitBytes: Int64?
  /// Entries not used for longer go first; nil is for ever.
  package var timeToLiveSeconds: Int64?
  /// An incomplete entry that was not written for longer is given up.
  package var stallSeconds: Int64
  /// From 1; the highest gives space first.
  package var priority: Int
  package var isEnabled: Bool

  package init(
    name: String, path: String, role: RootRole, layout: Layout, limitBytes: Int64? = nil,
    timeToLiveSeconds: Int64? = nil, stallSeconds: Int64 = 86_400, priority: Int = 1, isEnabled: Bool = true
  ) {
    self.name = name
    self.path = path
    self.role = role
    self.layout = layout
    self.limitBytes = limitBytes
    self.timeToLiveSeconds = timeToLiveSeconds
    self.stallSeconds = stallSeconds
    self.priority = priority
    self.isEnabled = isEnabled
  }

  /// What is wrong with the values, one line each; the directory itself is not looked at.
  package var problems: [String] {
    var problems: [String] = []
    let isName = !name.isEmpty && name.utf8.count <= 64 && name.utf8.allSatisfy(Self.isNameByte)
    if !isName { problems.append("a root's name has 1 to 64 letters, digits, '.', '_' or '-'") }
    if !path.hasPrefix("/") || path.contains("\0") {
      problems.append("the path of root \(name) must begin with /")
    }
    if path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) {
      problems.append("the path of root \(name) must not hold '.' or '..'")
    }
    if path.allSatisfy({ $0 == "/" }) { problems.append("the whole file system cannot be a root") }
    if limitBytes.map({ $0 < 0 }) ?? false { problems.append("the limit of root \(name) is below 0") }
    if timeToLiveSeconds.map({ $0 < 0 }) ?? false {
      problems.append("the time to live of root \(name) is below 0")
    }
    if stallSeconds < 0 { problems.append("the stall time of root \(name) is below 0") }
    if priority < 1 { problems.append("the priority of root \(name) is below 1") }
    return problems
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

/// What a root is for.
package enum RootRole: String, Sendable, Hashable, CaseIterable {
  /// The site's copies, from which hosts are filled.
  case repository
  /// The copies of a virtual machine host.
  case datastore
  /// Copies that can be fetched again.
  case cache
}
