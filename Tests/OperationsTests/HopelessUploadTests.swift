import Foundation
import MariaDB
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Queued uploads that are refused")
struct HopelessUploadTests {
  /// What is not as it was when the upload was queued.
  enum Change: CaseIterable, Sendable {
    case sourceHoldsRoot, sourceInArea, emptyFolder, emptyFolderOfFiles, foreignFile, onlyIndex, odd,
      otherLayout,
      taken, reservedName, noSource, noRoot, unknownRoot, rootOfOtherNode
    case sourceMissing, lockOfVCL, unmarked

    /// Whether the same may go right another time.
    var isPassing: Bool { [.sourceMissing, .lockOfVCL, .unmarked].contains(self) }

    var layout: String {
      [.emptyFolderOfFiles, .foreignFile, .onlyIndex, .otherLayout].contains(self) ? "kvm" : "vmware"
    }
  }

  private func make(_ change: Change, _ site: TestSite, _ root: TestRoot) throws {
    let source = root.folder + "/source"
    func replace(byLinkTo path: String) throws {
      try FileManager.default.removeItem(atPath: source)
      try FileManager.default.createSymbolicLink(atPath: source, withDestinationPath: path)
    }
    func sql(_ text: String) throws { try site.connection.executeScript(text) }
    switch change {
    case .sourceHoldsRoot: try replace(byLinkTo: root.path)
    case .sourceInArea:
      try root.write("root/invalid/y/disk")
      try replace(byLinkTo: root.path + "/invalid/y")
    case .emptyFolder, .emptyFolderOfFiles:
      try FileManager.default.removeItem(atPath: source)
      try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
    case .foreignFile: try root.write("source/README")
    case .onlyIndex:
      try FileManager.default.moveItem(atPath: source + "/x.qcow2", toPath: source + "/x.xml")
    case .odd: #expect(mkfifo(source + "/fifo", 0o600) == 0)
    case .otherLayout: try replace(byLinkTo: source + "-not/disk")
    case .taken: try root.write("root/x/disk")
    case .reservedName: try sql("UPDATE expireimage_task SET image_name = 'trash';")
    case .noSource: try sql("UPDATE expireimage_task SET input = JSON_REMOVE(input, '$.source');")
    case .noRoot: try sql("UPDATE expireimage_task SET root = NULL;")
    case .unknownRoot: try sql("UPDATE expireimage_root SET name = 'another';")
    case .rootOfOtherNode: try sql("UPDATE expireimage_root SET node = 'elsewhere';")
    case .sourceMissing: try FileManager.default.removeItem(atPath: source)
    case .lockOfVCL:
      try sql("SET foreign_key_checks = 0;")
      try sql(
        "INSERT INTO vcldsemaphore (identifier, reservationid, pid, expires) VALUES ('retrieve_x', 0, 1, NOW() + INTERVAL 1 HOUR);"
      )
    case .unmarked: try FileManager.default.removeItem(atPath: root.path + "/.expireimage-root")
    }
  }

  @Test(
    "What no other try changes fails at once and says so, anything else is tried again",
    arguments: Change.allCases)
  func refused(_ change: Change) throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection, layout: change.layout)
    try root.write(change.layout == "kvm" ? "source/x.qcow2" : "source/disk", bytes: 10)
    try root.write("source-not/disk", bytes: 10)
    _ = try UploadOperation(site.site, name: "x", source: root.folder + "/source", retries: 5).enqueue()
    try make(change, site, root)
    let report = try WorkOperation(site.site).run(.silent)
    #expect(report.items.map(\.status) == [.failure])
    let message = report.items.first?.message ?? ""
    #expect(message.hasSuffix("; no other try helps") == !change.isPassing, "\(message)")
    #expect(
      try site.rows("SELECT type FROM expireimage_task WHERE ended IS NULL")
        == (change.isPassing ? ["upload"] : []), "\(message)")
    #expect(
      try site.rows(
        "SELECT JSON_VALUE(result, '$.failure') FROM expireimage_task WHERE type = 'upload' LIMIT 1")
        == [change.isPassing ? "passing" : "lasting"])
  }

  @Test(
    "Whoever asks for a root or a user that there is not is told at once, however many retries are asked for")
  func told() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/disk", bytes: 10)
    for (rootName, user) in [("nothing", nil), (nil, "nobody@Local"), (nil, "nobody")] {
      let operation = UploadOperation(
        site.site, name: "x", source: root.folder + "/source", rootName: rootName, retries: 3, as: user
      ) { _ in
        Issue.record("tried again")
        return 0
      }
      #expect(throws: Failure.self) { _ = try operation.run(.silent) }
    }
  }
}
