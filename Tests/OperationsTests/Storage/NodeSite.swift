import Caches
import Campus
import Foundation
import MariaDB
import Storage
import TestSupport
import VCLDatabase

@testable import Operations

/// A site whose one node has directories of its own; they go with it.
final class NodeSite {
  static let node = "mn1.example.edu"

  let site: TestSite
  /// Holds the roots, and has room for other things.
  let folder: String

  /// - Parameter site: one that is there already; its program has the name of this machine.
  init(_ site: TestSite? = nil) throws {
    self.site = try site ?? TestSite(environment: ["EXPIREIMAGE_NODE_NAME": Self.node])
    folder = FileManager.default.temporaryDirectory.appending(path: "node-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var connection: Connection { site.connection }
  var campus: CampusBuilder { site.campus }

  // MARK: Roots

  func path(_ root: String) -> String { "\(folder)/\(root)" }

  /// Makes a directory and adds it.
  @discardableResult
  func root(
    _ name: String = "cache", _ role: RootRole = .cache, _ layout: Layout = .plain, limit: Int64? = nil,
    _ change: (inout RootTerms) -> Void = { _ in }
  ) throws -> String {
    try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    var terms = RootTerms()
    if let limit { terms.limit = .value(ByteCount(limit)) }
    change(&terms)
    let request = RootAddOperation.Request(
      name: name, path: path(name), role: role, layout: layout, terms: terms)
    return try RootAddOperation(site.site).add(request)
  }

  /// Writes a file of so many bytes below a root.
  @discardableResult
  func write(_ name: String, in root: String = "cache", _ bytes: Int = 5000) throws -> String {
    let file = "\(path(root))/\(name)"
    try FileManager.default.createDirectory(
      atPath: String(file[..<file.lastIndex(of: "/")!]), withIntermediateDirectories: true)
    try Data(repeating: 7, count: bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// The names in a root's directory, without the marker and what `trash/` needs for itself.
  func names(_ root: String = "cache") throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path(root)).filter {
      $0 != RootMarker.fileName && !["trash", "trash/lock"].contains($0) && !$0.hasPrefix("trash/reserve")
    }.sorted()
  }

  /// The apparent bytes of all files in a root, without what is not its content.
  func bytes(_ root: String = "cache") throws -> Int {
    try names(root).reduce(0) { sum, name in
      var status = stat()
      guard lstat("\(path(root))/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        return sum
      }
      return sum + Int(status.st_size)
    }
  }

  // MARK: Revisions

  /// Revisions of these file names, of one image each, that nobody needs: live, not in production, never used.
  @discardableResult
  func revisions(_ names: String...) throws -> [Int] { try revisions(names) }

  @discardableResult
  func revisions(_ names: [String]) throws -> [Int] {
    try names.map { name in
      let image = try campus.image("Image \(name)")
      return try campus.revision(of: image, 1, imagename: name)
    }
  }

  /// Flags a revision as this program's run did so many days ago.
  func flag(_ revision: Int, daysAgo days: Int = 40) throws {
    try connection.execute(
      """
      UPDATE imagerevision SET deleted = 1, datedeleted = NOW() - INTERVAL ? DAY, expiredate = CURDATE() - INTERVAL ? DAY
      WHERE id = ?
      """, [Value(days), Value(days), Value(revision)])
    try connection.execute(
      """
      INSERT INTO expireimage_event (run_id, revision_id, image_id, kind, happened, actor, reasons, old_date,
        new_date, datedeleted, whole_image, facts)
      SELECT NULL, id, imageid, 'flag', datedeleted, 'test', '', expiredate, expiredate, datedeleted, 0, '{}'
      FROM imagerevision WHERE id = ?
      """, [Value(revision)])
  }

  /// VCL takes a lock.
  func vclLock(_ identifier: String) throws {
    try connection.execute("SET foreign_key_checks = 0")
    try connection.execute(
      "INSERT INTO vcldsemaphore (identifier, reservationid, pid, expires) VALUES (?, 1, 1, NOW() + INTERVAL 1 HOUR)",
      [Value(identifier)])
    try connection.execute("SET foreign_key_checks = 1")
  }

  // MARK: Calls

  func prune(_ root: String? = nil, limit: Int64? = nil, dryRun: Bool = false) throws -> RemovalReport {
    try PruneOperation(site.site).prune(root: root, limit: limit.map { ByteCount($0) }, isDryRun: dryRun)
  }

  func clean(_ root: String? = nil, dryRun: Bool = false) throws -> RemovalReport {
    try CleanOperation(site.site).clean(root: root, isDryRun: dryRun)
  }

  func purge(dryRun: Bool = false) throws -> RemovalReport {
    try PurgeOperation(site.site).purge(isDryRun: dryRun)
  }

  /// Another node of the same site, with the same folder of roots.
  func other(_ name: String) throws -> Site {
    var environment = site.environment
    environment["EXPIREIMAGE_NODE_NAME"] = name
    return Site(try .load(configFile: nil, environment: environment, usualFiles: .none))
  }

  var tasks: [String] {
    get throws { try site.rows("SELECT type, status FROM expireimage_task ORDER BY id") }
  }
}

extension TestSite {
  /// Notes that the files of a flagged revision were purged.
  func recordPurge(of revision: Int) throws {
    try connection.execute(
      """
      INSERT INTO expireimage_event (run_id, revision_id, image_id, kind, happened, actor, reasons, old_date,
        new_date, datedeleted, whole_image, facts)
      SELECT NULL, id, imageid, 'purge', NOW(), 'test', '', expiredate, expiredate, datedeleted, 0, '{}'
      FROM imagerevision WHERE id = ?
      """, [Value(revision)])
  }
}

extension RemovalReport {
  var names: [String] { removed.map(\.name) }
  /// Names and reasons.
  var stays: [String] { skipped.map { "\($0.name) \($0.reason)" } }
}

/// The failure of a call; nil: it did not fail.
func failing(_ body: () throws -> Void) -> Failure? {
  do {
    try body()
    return nil
  } catch {
    return Failure(error)
  }
}
