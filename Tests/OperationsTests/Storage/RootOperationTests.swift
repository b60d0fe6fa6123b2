import Caches
import Foundation
import MariaDB
import Storage
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Roots")
struct RootOperationTests {
  private func add(
    _ node: NodeSite, _ name: String, _ path: String, _ role: RootRole = .cache, adopts: Bool = false,
    _ change: (inout RootTerms) -> Void = { _ in }
  ) throws -> String {
    var terms = RootTerms()
    change(&terms)
    return try RootAddOperation(node.site.site).add(
      .init(name: name, path: path, role: role, layout: .plain, terms: terms, adopts: adopts))
  }

  private func directory(_ node: NodeSite, _ name: String) throws -> String {
    try FileManager.default.createDirectory(
      atPath: node.path(name), withIntermediateDirectories: true)
    return node.path(name)
  }

  private func isMarked(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + RootMarker.fileName)
  }

  @Test("A directory that is added is marked and on record; taken out, it is neither, and its files stay")
  func addAndRemove() throws {
    let node = try NodeSite()
    #expect(
      try node.root("hosts", .datastore, .vmware, limit: 1 << 40) {
        $0.timeToLive = .value(TimeSpan(seconds: 86_400 * 30))
        $0.priority = 7
      } == "root hosts is added: \(node.path("hosts")), datastore, layout vmware")
    #expect(isMarked(node.path("hosts")))
    #expect(
      try node.site.rows(
        """
        SELECT node, name, path, role, layout, limit_bytes, ttl_seconds, stall_seconds, priority, enabled
        FROM expireimage_root
        """) == [
          "\(NodeSite.node) hosts \(node.path("hosts")) datastore vmware \(Int64(1) << 40) 2592000 86400 7 1"
        ])
    try node.write("a-v1/disk", in: "hosts")
    #expect(try RootCheckOperation(node.site.site).check().exitStatus == .done)
    let (line, remark) = try RootSetOperation(node.site.site).remove("hosts")
    #expect(line.contains("hosts is no longer under management") && remark == nil)
    #expect(!isMarked(node.path("hosts")))
    #expect(try node.names("hosts") == ["a-v1", "a-v1/disk"])
    #expect(try node.site.rows("SELECT * FROM expireimage_root") == [])
    try node.root("hosts", .datastore, .vmware)
  }

  /// What is refused, and the words of the failure.
  enum Refusal: String, CaseIterable, Sendable {
    case missing, file, link, relative, dots, badName, sameName, identical, inside, above, throughLink, limit,
      ttl,
      otherNode, unknownMarker, adoptUnmarked, adoptOnRecord, disks, unreadableMarker, twoLines, escape,
      turned,
      disksWithEscape
  }

  @Test(
    "What cannot be a root is refused with the reason, and leaves neither marker nor row",
    arguments: Refusal.allCases)
  func refused(_ refusal: Refusal) throws {
    let node = try NodeSite()
    try node.root("first")
    let path = try directory(node, "new")
    let rows = try node.site.checksums()
    let marker = RootMarker.fileName
    let words: String
    var name = "new"
    var at = path
    var role = RootRole.cache
    var adopts = false
    var terms = RootTerms()
    switch refusal {
    case .missing: (at, words) = (node.path("nothing"), "does not exist")
    case .file:
      at = try node.write("file", in: "new")
      words = "is not a directory"
    case .link:
      at = node.folder + "/link"
      try FileManager.default.createSymbolicLink(atPath: at, withDestinationPath: path)
      words = "is a symbolic link"
    case .relative: (at, words) = ("new", "must begin with /")
    case .dots: (at, words) = (path + "/../new", "must not hold '.' or '..'")
    case .badName: (name, words) = ("two words", "a root's name has")
    case .sameName: (name, words) = ("first", "has a root first already")
    case .identical: (at, words) = (node.path("first"), "root first of this node already")
    case .inside: (at, words) = (try directory(node, "first/below"), "lie one in the other")
    case .above: (at, words) = (node.folder, "lie one in the other")
    case .throughLink:
      try FileManager.default.createSymbolicLink(
        atPath: node.folder + "/way", withDestinationPath: try directory(node, "first/deep"))
      _ = try directory(node, "first/deep/er")
      (at, words) = (node.folder + "/way/er", "lie one in the other")
    case .limit:
      role = .repository
      terms.limit = .value(ByteCount(5))
      words = "takes no limit and no time to live"
    case .ttl:
      role = .repository
      terms.timeToLive = .value(TimeSpan(seconds: 5))
      words = "takes no limit and no time to live"
    case .otherNode:
      _ = try RootAddOperation(node.other("mn2")).add(
        .init(name: "theirs", path: path, role: .cache, layout: .plain))
      words = "root theirs of node mn2 already"
    case .unknownMarker:
      try "id = 0123456789abcdef0123456789abcdef\n".write(
        toFile: path + "/" + marker, atomically: true, encoding: .utf8)
      words = "--adopt takes it over"
    case .adoptUnmarked: (adopts, words) = (true, "without --adopt")
    case .adoptOnRecord: (at, adopts, words) = (node.path("first"), true, "root first of this node already")
    case .disks:
      terms.disks = ["/nowhere/disks"]
      words = "/nowhere/disks is no directory"
    case .twoLines: (at, words) = (try directory(node, "a\nb"), "/a b' has control characters")
    case .escape: (at, words) = (try directory(node, "a\u{1B}[31mb"), "/a [31mb' has control characters")
    case .turned: (at, words) = (try directory(node, "a\u{202E}b"), "/a b' has control characters")
    case .disksWithEscape:
      terms.disks = [try directory(node, "d\u{7}")]
      words = "/d' is no absolute path without control characters"
    case .unreadableMarker:
      try "something else".write(toFile: path + "/" + marker, atomically: true, encoding: .utf8)
      words = "cannot be read"
    }
    let failure = failing { _ = try add(node, name, at, role, adopts: adopts) { $0 = terms } }
    let lines = [failure?.description ?? ""] + (failure?.more ?? [])
    #expect(lines.contains { $0.contains(words) }, "\(lines)")
    #expect(!lines.contains { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } })
    #expect(failure?.exitStatus == .failed)
    if refusal != .otherNode {
      #expect(try node.site.checksums() == rows)
      if ![.unknownMarker, .unreadableMarker].contains(refusal) { #expect(!isMarked(path)) }
    }
  }

  @Test("A marker of nobody on record is taken over with --adopt, and stays the same")
  func adopt() throws {
    let node = try NodeSite()
    try node.root()
    let marker = try String(contentsOfFile: node.path("cache") + "/" + RootMarker.fileName, encoding: .utf8)
    try node.connection.execute("DELETE FROM expireimage_root")
    #expect(
      failing { _ = try add(node, "cache", node.path("cache")) }?.description.contains("--adopt") == true)
    #expect(try add(node, "cache", node.path("cache"), adopts: true).contains("is taken over"))
    #expect(
      try String(contentsOfFile: node.path("cache") + "/" + RootMarker.fileName, encoding: .utf8) == marker)
    #expect(try RootCheckOperation(node.site.site).check().exitStatus == .done)
  }

  @Test("Where the record cannot be written, the marker goes again")
  func recordFails() throws {
    let node = try NodeSite()
    try node.connection.execute(
      "CREATE TRIGGER full BEFORE INSERT ON expireimage_root FOR EACH ROW SIGNAL SQLSTATE '45000'")
    let path = try directory(node, "cache")
    #expect(failing { _ = try add(node, "cache", path) } != nil)
    #expect(!isMarked(path))
    #expect(try node.site.rows("SELECT * FROM expireimage_root") == [])
  }

  @Test("A root that cannot be opened forbids by its path what would lie in it")
  func nestedByText() throws {
    let node = try NodeSite()
    try node.root("first")
    try FileManager.default.removeItem(atPath: node.path("first"))
    _ = try directory(node, "first/below")
    #expect(
      failing { _ = try add(node, "new", node.path("first/below")) }?.description.contains("lie one in")
        == true)
    #expect(
      failing { _ = try add(node, "new", node.path("first")) }?.description.contains("same directory") == true
    )
    #expect(try add(node, "new", directory(node, "firstborn")).contains("added"))
  }

  @Test("A directory in another node's root is none")
  func nestedInOtherNode() throws {
    let node = try NodeSite()
    _ = try RootAddOperation(node.other("mn2")).add(
      .init(name: "shared", path: directory(node, "shared"), role: .cache, layout: .plain))
    let failure = failing { _ = try add(node, "new", directory(node, "shared/below")) }
    #expect(failure?.description.contains("shared of node mn2") == true, "\(failure as Any)")
  }

  @Test("Terms are changed one by one, and what a root cannot have is refused")
  func set() throws {
    let node = try NodeSite()
    try node.root(limit: 500)
    func set(_ change: (inout RootTerms) -> Void) throws -> String {
      var terms = RootTerms()
      change(&terms)
      return try RootSetOperation(node.site.site).set("cache", terms)
    }
    #expect(
      try set { $0.timeToLive = .value(TimeSpan(seconds: 86_400)) }
        == "root cache: limit 500 B, ttl 1d, stall 1d, priority 1, enabled yes, disks none")
    #expect(
      try set {
        $0.limit = .some(.none)
        $0.isEnabled = false
        $0.stall = TimeSpan(seconds: 90)
      } == "root cache: limit none, ttl 1d, stall 90s, priority 1, enabled no, disks none")
    #expect(failing { _ = try set { $0.priority = 0 } }?.description.contains("below 1") == true)
    let unknown = failing { _ = try RootSetOperation(node.site.site).set("other", RootTerms()) }
    #expect(unknown?.description == "this node has no root 'other': cache")
    let elsewhere = failing { _ = try RootSetOperation(node.other("mn2")).set("cache", RootTerms()) }
    #expect(elsewhere?.description.contains("belongs to node \(NodeSite.node)") == true)
  }

  @Test("While a task is at work on the node, no root is taken out")
  func removeWhileWorked() throws {
    let node = try NodeSite()
    try node.root()
    let queue = node.site.site.tasks(node.connection, days: 1)
    let new = NewTask(type: .prune, node: NodeSite.node, requestedBy: "test", requestID: "r")
    let hold = try queue.add(new, .node(NodeSite.node), by: ProcessIdentity.own)
    let failure = failing { _ = try RootSetOperation(node.site.site).remove("cache") }
    #expect(failure?.exitStatus == .leaseHeld, "\(failure as Any)")
    #expect(isMarked(node.path("cache")))
    try queue.finish(hold, .success, message: "")
    _ = try RootSetOperation(node.site.site).remove("cache")
    #expect(!isMarked(node.path("cache")))
  }

  @Test(
    "A directory with something of others in an area is refused, and one that was a root before is not",
    arguments: ["trash", "invalid", "incomplete", "queue"])
  func occupied(_ area: String) throws {
    let node = try NodeSite()
    try node.write("\(area)/somebody", in: "cache")
    let failure = failing { try node.root() }
    #expect(failure?.description.contains("cache/\(area) is there already and is not empty") == true)
    #expect(!FileManager.default.fileExists(atPath: node.path("cache") + "/" + RootMarker.fileName))
    try node.write("trash/lock", in: "cache", 0)
    try node.root()
    #expect(try node.names().contains("\(area)/somebody"))
  }

  @Test("What an interrupted removal left is ended before a root is taken out; what cannot be keeps it")
  func removeInterrupted() throws {
    let node = try NodeSite()
    try node.root()
    let stuck = try node.write("trash/0123456789abcdef.root.leaving/single/a-v1.img")
    try node.write("a-v1.img")
    let failure = failing { _ = try RootSetOperation(node.site.site).remove("cache") }
    #expect(failure?.description.contains("interrupted removal") == true, "\(failure as Any)")
    #expect(try NodeRoots.read(node.connection, node: NodeSite.node).own.count == 1)
    try FileManager.default.removeItem(atPath: node.path("cache") + "/a-v1.img")
    _ = try RootSetOperation(node.site.site).remove("cache")
    #expect(!FileManager.default.fileExists(atPath: stuck))
    #expect(FileManager.default.fileExists(atPath: node.path("cache") + "/a-v1.img"))
  }

  @Test("A root whose directory is gone is taken out all the same, and what is left to do is told")
  func removeMissing() throws {
    let node = try NodeSite()
    try node.root()
    try FileManager.default.removeItem(atPath: node.path("cache"))
    let (_, remark) = try RootSetOperation(node.site.site).remove("cache")
    #expect(
      remark
        == "its marker was not taken away, because \(node.path("cache")) does not exist; if the root's directory"
        + " comes back there, remove the file \(RootMarker.fileName) in it")
    #expect(try node.site.rows("SELECT * FROM expireimage_root") == [])
  }

  @Test(
    "Where the marker is gone, or another's, that is told in one sentence without advice for somebody else")
  func removeUnmarked() throws {
    for content in [nil, "id = 0123456789abcdef0123456789abcdef\n"] {
      let node = try NodeSite()
      try node.root()
      let marker = node.path("cache") + "/" + RootMarker.fileName
      unlink(marker)
      try content?.write(toFile: marker, atomically: true, encoding: .utf8)
      let remark = try RootSetOperation(node.site.site).remove("cache").remark
      #expect(remark?.contains("taken away, because \(node.path("cache")) ") == true, "\(remark ?? "")")
      #expect(remark?.contains("Otherwise") == false && remark?.contains("?") == false, "\(remark ?? "")")
    }
  }

  @Test("A time that is longer than a hundred years is refused, and one on record is shown as none")
  func endless() throws {
    let node = try NodeSite()
    try node.root()
    let endless = TimeSpan(seconds: .max)
    for change in [{ $0.timeToLive = .value(endless) }, { $0.stall = endless }] as [(inout RootTerms) -> Void]
    {
      var terms = RootTerms()
      change(&terms)
      let set = failing { _ = try RootSetOperation(node.site.site).set("cache", terms) }
      #expect(set?.description.contains("is above 36500d, a hundred years") == true, "\(set as Any)")
      let add = failing { try node.root("other", .cache, .plain, change) }
      #expect(add?.description.contains("root other is above 36500d") == true, "\(add as Any)")
    }
    try node.connection.execute("UPDATE expireimage_root SET ttl_seconds = 9223372036854775807")
    #expect(try RootListOperation(node.site.site).table().contains("9223372036854775807") == false)
    var terms = RootTerms()
    terms.priority = 2
    #expect(try RootSetOperation(node.site.site).set("cache", terms).contains("ttl none"))
  }

  @Test("The check names what is wrong with each root, and ends with status 1")
  func faults() throws {
    let node = try NodeSite()
    for name in ["fine", "gone", "bare", "swapped"] { try node.root(name) }
    try FileManager.default.removeItem(atPath: node.path("gone"))
    try FileManager.default.removeItem(atPath: node.path("bare") + "/" + RootMarker.fileName)
    let foreign = node.path("swapped") + "/" + RootMarker.fileName
    try "id = 0123456789abcdef0123456789abcdef\n".write(toFile: foreign, atomically: true, encoding: .utf8)
    let report = try RootCheckOperation(node.site.site).check()
    #expect(report.exitStatus == .failed)
    #expect(
      report.roots.map { "\($0.root.record.name) \($0.faults.map(\.code).joined())" }
        == ["bare unmarked", "fine ", "gone missing", "swapped foreign_marker"])
    #expect(try RootCheckOperation(node.site.site).check(root: "fine").exitStatus == .done)
    let check = try #require(CheckOperation(node.site.site).check().checks.first { $0.name == "roots" })
    #expect(check.status == .error && check.details.count == 3)
  }

  @Test("Every node's roots are listed, each with its node")
  func list() throws {
    let node = try NodeSite()
    try node.root()
    _ = try RootAddOperation(node.other("mn2")).add(
      .init(name: "theirs", path: directory(node, "theirs"), role: .repository, layout: .xcat))
    let table = try RootListOperation(node.site.site).table()
    let rows = table.split(separator: "\n").dropFirst(2)
    #expect(rows.count == 2)
    #expect(
      rows.contains { $0.hasPrefix("cache   this") } && rows.contains { $0.hasPrefix("theirs  mn2") },
      "\(table)")
  }
}

@Suite("Sizes and times as people write them")
struct SizeTextTests {
  @Test(
    "sizes",
    arguments: [
      ("0", 0), ("500", 500), ("500B", 500), ("1K", 1024), ("1KiB", 1024), ("1kB", 1000),
      ("500G", 536_870_912_000),
      ("1.5TiB", 1_649_267_441_664), ("1.5T", 1_649_267_441_664), ("0.5k", 512), ("2MB", 2_000_000),
      ("8E", nil), ("7E", 8_070_450_532_247_928_832), ("", nil), ("-1", nil), ("G", nil), ("1.5", nil),
      ("1.G", nil),
      ("1 G", nil), ("1Gi", nil), ("1.2.3G", nil), ("99999999999999999999", nil), ("\u{0661}", nil),
    ] as [(String, Int64?)])
  func sizes(text: String, bytes: Int64?) {
    #expect(ByteCount(text)?.bytes == bytes)
  }

  @Test(
    "bytes are shown in the unit that fits",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (1 << 20, "1 MiB"),
      (15 << 20, "15 MiB"),
      ((1 << 30) - 1, "1023 MiB"), (Int64.max, "7.9 EiB"),
    ] as [(Int64, String)])
  func shown(bytes: Int64, text: String) {
    #expect("\(ByteCount(bytes))" == text)
  }

  @Test(
    "lengths of time",
    arguments: [
      ("30d", 2_592_000), ("12h", 43_200), ("90m", 5400), ("45s", 45), ("45", 45), ("2w", 1_209_600),
      ("0", 0),
      ("", nil), ("d", nil), ("1.5h", nil), ("-1d", nil), ("1y", nil), ("1dd", nil),
      ("99999999999999999d", nil),
    ] as [(String, Int64?)])
  func spans(text: String, seconds: Int64?) {
    #expect(TimeSpan(text)?.seconds == seconds)
    if let seconds, seconds > 0 { #expect(TimeSpan("\(TimeSpan(seconds: seconds))")?.seconds == seconds) }
  }
}
