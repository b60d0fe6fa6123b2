import Assets
import Caches
import Foundation
import MariaDB
import Storage
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Purging the files of flagged revisions")
struct PurgeTests {
  /// A node with a repository and a datastore, and revisions that were flagged 40 days ago.
  private func node(_ names: [String], days: String = "30") throws -> (node: NodeSite, ids: [Int]) {
    let node = try NodeSite()
    try node.root("repository", .repository, .vmware)
    try node.root("store", .datastore, .vmware)
    try node.site.store("purge_days", days)
    var ids: [Int] = []
    for name in names {
      let image = try node.campus.image("Image \(name)")
      ids.append(try node.campus.revision(of: image, 1, imagename: name))
      try node.campus.revision(of: image, 2, production: true)
      try node.write("\(name)/disk.vmdk", in: "repository")
      try node.write("\(name)/disk.vmdk", in: "store")
    }
    for id in ids { try node.flag(id) }
    return (node, ids)
  }

  private func now(_ node: NodeSite, minus seconds: Int) throws -> String {
    try node.site.rows("SELECT NOW() - INTERVAL ? SECOND", [Value(seconds)])[0]
  }

  private func events(_ node: NodeSite, _ id: Int) throws -> [String] {
    try node.site.rows("SELECT kind FROM expireimage_event WHERE revision_id = ? ORDER BY id", [Value(id)])
  }

  @Test(
    "removes them from every root of the node, writes each into the trail, and restore refuses afterwards")
  func purge() throws {
    let (node, ids) = try node(["a-v1", "a-v10"])
    try node.connection.execute(
      "UPDATE imagerevision SET deleted = 0, datedeleted = NULL WHERE id = ?", [Value(ids[1])])
    let rows = try node.site.checksums()
    let plan = try node.purge(dryRun: true)
    #expect(try node.site.checksums() == rows)
    let report = try node.purge()
    #expect(report.names == ["a-v1", "a-v1"] && plan.names == report.names && plan.total == report.total)
    #expect(report.count == 1)
    #expect(try node.names("repository") == ["a-v10", "a-v10/disk.vmdk"])
    #expect(try node.names("store") == ["a-v10", "a-v10/disk.vmdk"])
    #expect(try events(node, ids[0]) == ["flag", "purge", "purge"])
    #expect(try node.tasks == ["purge success"])
    let restored = try RestoreOperation(node.site.site).restore(["\(ids[0])"])
    #expect(restored.problems.joined().contains("its files are gone"), "\(restored.problems)")
    #expect(try node.site.rows("SELECT deleted FROM imagerevision WHERE id = ?", [Value(ids[0])]) == ["1"])
    #expect(try node.purge().names == [])
  }

  @Test("With 0 days nothing is ever purged, and the call says so")
  func never() throws {
    let (node, _) = try node(["a-v1"], days: "0")
    let report = try node.purge()
    #expect(report.exitStatus == .done && report.names == [])
    #expect(report.text().contains("expireimage_purge_days is 0"))
    #expect(try node.tasks == [])
  }

  /// Why a revision stays.
  enum Stay: String, CaseIterable, Sendable {
    case tooYoung, otherHand, rescued, restored, undeleted, reserved, loaded, hardLink, sameName, vclLock,
      changedFlag, zeroDate, used, reinstalled, unreadRoot
  }

  @Test(
    "leaves what was not flagged by us, long enough ago, for good, and what anybody needs",
    arguments: Stay.allCases)
  func stays(_ stay: Stay) throws {
    let (node, ids) = try node(["a-v1"])
    let id = ids[0]
    var stays: [String] = []
    switch stay {
    case .tooYoung: try node.site.store("purge_days", "41")
    case .otherHand: try node.connection.execute("DELETE FROM expireimage_event")
    case .rescued:
      try node.connection.execute("UPDATE imagerevision SET expiredate = NULL WHERE id = ?", [Value(id)])
    case .restored: #expect(try RestoreOperation(node.site.site).restore(["\(id)"]).problems.isEmpty)
    case .undeleted:
      try node.connection.execute(
        "UPDATE imagerevision SET deleted = 0, datedeleted = NULL WHERE id = ?", [Value(id)])
    case .zeroDate:
      try node.connection.execute(
        "UPDATE imagerevision SET expiredate = '0000-00-00' WHERE id = ?", [Value(id)])
    case .used:
      try node.campus.use(id, from: now(node, minus: 86_400), to: now(node, minus: 80_000))
      stays = ["a-v1 restored", "a-v1 restored"]
    case .reinstalled:
      let image = try node.campus.image("Other")
      let other = try node.campus.revision(of: image, 1, production: true)
      let log = try node.campus.use(
        other, from: now(node, minus: 86_400), to: now(node, minus: 80_000))
      try node.campus.reinstall(of: log, with: id, at: now(node, minus: 85_000))
      stays = ["a-v1 restored", "a-v1 restored"]
    case .unreadRoot:
      try node.root("gone")
      try FileManager.default.removeItem(atPath: node.path("gone"))
      stays = ["a-v1 unread_root", "a-v1 unread_root"]
    case .changedFlag:
      try node.connection.execute(
        "UPDATE imagerevision SET datedeleted = datedeleted + INTERVAL 1 SECOND WHERE id = ?", [Value(id)])
    case .reserved:
      try node.campus.request(of: id)
      stays = ["a-v1 reservation", "a-v1 reservation"]
    case .loaded:
      try node.campus.computer(with: id, state: .available)
      stays = ["a-v1 loaded", "a-v1 loaded"]
    case .hardLink:
      try FileManager.default.linkItem(
        atPath: node.path("store") + "/a-v1/disk.vmdk", toPath: node.folder + "/link")
      stays = ["a-v1 other_root", "a-v1 extra_hard_links"]
    case .sameName:
      // VCL's tables hold two of one name where only one is marked as production, such as of an image that is deleted.
      try node.campus.revision(
        of: node.campus.image("Twin", deleted: true), 1, production: true, imagename: "a-v1",
        deletedAt: "2025-01-01 00:00:00")
      stays = ["a-v1 other_revision", "a-v1 other_revision"]
    case .vclLock:
      try node.vclLock("master:a-v1")
      stays = ["a-v1 vcl_semaphore", "a-v1 vcl_semaphore"]
    }
    let plan = try node.purge(dryRun: true)
    let report = try node.purge()
    #expect(report.names == [] && plan.names == [])
    #expect(report.stays == stays && plan.stays == stays)
    #expect(try node.names("repository").count == 2 && node.names("store").count == 2)
    #expect(try !events(node, id).contains("purge"))
  }

  /// What happens between the plan and the removal.
  @Test(
    "Restored or reserved meanwhile: the files come back, and nothing is in the trail",
    arguments: [true, false])
  func meanwhile(_ isRestored: Bool) throws {
    let (node, ids) = try node(["a-v1", "b-v1"])
    let other = try Connection(TestServer.shared.options(database: node.site.name))
    // The hold is checked when the files have left their place, not earlier.
    let name = "meanwhile_\(isRestored)"
    let statement =
      isRestored
      ? "UPDATE imagerevision SET deleted = 0, datedeleted = NULL, expiredate = NULL WHERE id = \(ids[0])"
      : "UPDATE imagerevision SET expiredate = NULL WHERE id = \(ids[0])"
    try other.execute(
      "CREATE TRIGGER \(name) BEFORE UPDATE ON expireimage_task FOR EACH ROW IF NEW.checks > OLD.checks THEN \(statement); END IF"
    )
    let report = try node.purge()
    #expect(report.names == ["b-v1", "b-v1"])
    #expect(report.stays.contains("a-v1 restored"), "\(report.stays)")
    #expect(try node.names("repository") == ["a-v1", "a-v1/disk.vmdk"])
    #expect(try node.names("store") == ["a-v1", "a-v1/disk.vmdk"])
    #expect(try events(node, ids[0]) == ["flag"])
    #expect(try events(node, ids[1]) == ["flag", "purge", "purge"])
  }

  @Test("A use that was written between the plan and the removal rescues the files, without any trigger")
  func usedMeanwhile() throws {
    let (node, ids) = try node(["a-v1", "b-v1"])
    let other = try Connection(TestServer.shared.options(database: node.site.name))
    let log = try node.campus.use(ids[1], from: "2025-01-01 00:00:00", to: "2025-01-01 01:00:00")
    let statement =
      "INSERT INTO sublog (logid, imageid, imagerevisionid, computerid, IPaddress, managementnodeid,"
      + " predictivemoduleid) SELECT \(log), imageid, id, 1, '', 1, 1 FROM imagerevision WHERE id = \(ids[0])"
    try other.execute(
      "CREATE TRIGGER used_meanwhile BEFORE UPDATE ON expireimage_task FOR EACH ROW IF NEW.checks > OLD.checks THEN \(statement); END IF"
    )
    let report = try node.purge()
    #expect(report.names == ["b-v1", "b-v1"], "\(report.stays) \(report.problems)")
    #expect(report.stays.contains("a-v1 restored"), "\(report.stays)")
    #expect(try events(node, ids[0]) == ["flag"])
  }

  @Test("Where a root is busy, its files stay in all of them, and the repository comes first")
  func busyRoot() throws {
    let (node, ids) = try node(["a-v1"])
    let call = try RemovalCall(node.site.site, .purge, .atOnce, isDryRun: false, .silent)
    let all = try NodeRoots.read(call.connection, node: NodeSite.node)
    let held = try Remover(all.named("repository").directory.get(), ledger: { _ in })
    let report = try node.purge()
    #expect(report.names == [] && report.exitStatus == .doneInPart)
    #expect(try node.names("store") == ["a-v1", "a-v1/disk.vmdk"])
    #expect(try events(node, ids[0]) == ["flag"])
    withExtendedLifetime(held) {}
  }

  @Test("A restore that was decided before the purge takes back nothing after it")
  func restoreLate() throws {
    let (node, ids) = try node(["a-v1"])
    let flagged = try node.site.rows("SELECT datedeleted FROM imagerevision WHERE id = ?", [Value(ids[0])])[0]
    _ = try node.purge()
    let changed = try node.connection.execute(
      Assets.Queries.restoreRevision, [Value(ids[0]), Value(flagged)])
    #expect(changed == 0)
  }

  /// Where a purge died between its event and its decision.
  enum Death: CaseIterable, Sendable {
    /// The files are in `trash/`.
    case away
    /// A start has put them back, and died as well.
    case back
    /// As the first, but the files of another root are gone for good.
    case secondRoot
  }

  @Test(
    "A purge that died before its decision forbids a restore until a start has put the files back",
    arguments: Death.allCases)
  func death(_ death: Death) throws {
    let (node, ids) = try node(["a-v1"])
    let root = death == .secondRoot ? "store" : "repository"
    if death != .secondRoot {
      try FileManager.default.removeItem(atPath: node.path("store") + "/a-v1")
    }
    #expect(try node.purge().count == 1)
    // As it was before the decision.
    let removal = try node.site.rows(
      "SELECT JSON_VALUE(facts, '$.removal') FROM expireimage_event WHERE JSON_VALUE(facts, '$.root') = ?",
      [Value(root)])
    #expect(removal.count == 1)
    let slot = "trash/\(removal[0]).root.leaving"
    try FileManager.default.createDirectory(
      atPath: "\(node.path(root))/\(slot)", withIntermediateDirectories: true)
    try node.write(death == .back ? "a-v1/disk.vmdk" : "\(slot)/single/a-v1/disk.vmdk", in: root)
    let restore = RestoreOperation(node.site.site)
    #expect(try restore.restore(["\(ids[0])"]).problems.joined().contains("its files are gone"))

    _ = try node.clean()
    #expect(try node.names(root) == ["a-v1", "a-v1/disk.vmdk"])
    let problems = try restore.restore(["\(ids[0])"]).problems
    if death == .secondRoot {
      #expect(problems.joined().contains("its files are gone"))
      #expect(try events(node, ids[0]) == ["flag", "purge"])
    } else {
      #expect(problems.isEmpty)
      #expect(try events(node, ids[0]) == ["flag", "restore"])
    }
  }

  @Test("What is stuck in trash forbids a restore, and a later purge is not taken back with it")
  func stuck() throws {
    let (node, ids) = try node(["a-v1"])
    try FileManager.default.removeItem(atPath: node.path("store") + "/a-v1")
    _ = try node.purge()
    let removal = try node.site.rows(
      "SELECT JSON_VALUE(facts, '$.removal') FROM expireimage_event WHERE kind = 'purge'")[0]
    let slot = "trash/\(removal).root.leaving"
    try node.write("\(slot)/single/a-v1/disk.vmdk", in: "repository")
    try node.write("a-v1/other.vmdk", in: "repository")
    #expect(try node.purge().names == ["a-v1"])
    #expect(try events(node, ids[0]) == ["flag", "purge", "purge"])
    // Its name is free now.
    _ = try node.clean()
    #expect(try node.names("repository") == ["a-v1", "a-v1/disk.vmdk"])
    #expect(try events(node, ids[0]) == ["flag", "purge"])
  }

  @Test("Another node's roots are named as that node's to purge, and its files stay until it does")
  func otherNode() throws {
    let (node, ids) = try node(["a-v1"])
    let other = try node.other("mn2")
    try FileManager.default.createDirectory(atPath: node.path("theirs"), withIntermediateDirectories: true)
    _ = try RootAddOperation(other).add(
      .init(name: "theirs", path: node.path("theirs"), role: .datastore, layout: .vmware))
    try node.write("a-v1/disk.vmdk", in: "theirs")
    let report = try node.purge()
    #expect(report.text().contains("Node mn2 purges its own roots: theirs."))
    #expect(try node.names("theirs") == ["a-v1", "a-v1/disk.vmdk"])
    #expect(try PurgeOperation(other).purge().names == ["a-v1"])
    #expect(try node.names("theirs") == [])
    #expect(try events(node, ids[0]) == ["flag", "purge", "purge", "purge"])
  }

  @Test("The account of sql/grants.sql can do all of it")
  func rights() throws {
    let node = try NodeSite(GrantsTests.site(ScriptedSMTPServer()).site)
    try node.root()
    try node.root("repository", .repository)
    try node.site.store("purge_days", "30")
    let flagged = try node.revisions("a-v1", "b-v1")[0]
    try node.flag(flagged)
    try node.write("a-v1.img", in: "repository")
    try node.write("b-v1.img")
    try node.write("invalid/x")
    #expect(try node.purge().names == ["a-v1"])
    #expect(try node.prune(limit: 0).names == ["b-v1"])
    #expect(try node.clean().names == ["x"])
    #expect(try node.tasks == ["purge success", "prune success", "clean success"])
    #expect(try RootCheckOperation(node.site.site).check().exitStatus == .done)
    _ = try RootSetOperation(node.site.site).set("cache", RootTerms())
    _ = try RootSetOperation(node.site.site).remove("cache")
    #expect(try RestoreOperation(node.site.site).restore(["\(flagged)"]).problems.count == 1)
  }

  @Test("Revisions without files here are counted, and not in the trail")
  func withoutFiles() throws {
    let (node, ids) = try node(["a-v1"])
    try FileManager.default.removeItem(atPath: node.path("repository") + "/a-v1")
    try FileManager.default.removeItem(atPath: node.path("store") + "/a-v1")
    #expect(try node.purge().json().contains("\"without_files\" : 1"))
    #expect(try events(node, ids[0]) == ["flag"])
  }
}
