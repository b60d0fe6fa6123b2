import Campus
import Foundation
import MariaDB
import TestSupport

/// What one run of `expireimage demo --keep-running` left behind: read while its server ran, which is stopped since,
/// in the way that the demonstration itself says.
struct DemoRun {
  /// One run for all tests.
  static let shared = Result { try DemoRun() }

  let status: Int32
  let output: String
  let errors: String
  let folder: URL
  let index: String
  /// As they arrived, by file name.
  let files: [String: [UInt8]]
  /// What the printed call of plan answered, as JSON.
  let plan: (status: Int32, json: JSON)
  let facts: Facts
  /// Whether the printed command has ended the server and removed its directory.
  let isStopped: Bool

  /// What the database says.
  struct Facts {
    var marks = 0
    var flags = 0
    var wholeImages = 0
    var restores = 0
    var undeletes = 0
    var keepsOfResetDates = 0
    var lateFlags: [String] = []
    var imagesWithoutProduction: [String] = []
    /// Images with a row of the audit trail, or a date.
    var touchedImages: Set<String> = []
    var today = ""
    var lastRun = ""
    var runs = 0
    /// Of the mails about images.
    var mailStatus: [String: Int] = [:]
    /// Mails to the admins after each run.
    var summaries = 0
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "expireimage-demo-\(UUID().uuidString)")
    let call = try Executable.run(["demo", "--keep-running", "--directory", folder.path])
    (status, output, errors) = call
    index = try String(contentsOf: folder.appending(path: "index.html"), encoding: .utf8)
    let mails = folder.appending(path: "mails")
    files = try FileManager.default.contentsOfDirectory(atPath: mails.path).filter { $0.hasSuffix(".eml") }
      .reduce(into: [:]) { $0[$1] = [UInt8](try Data(contentsOf: mails.appending(path: $1))) }

    guard
      let match = call.output.firstMatch(
        of: /EXPIREIMAGE_DATABASE_SOCKET=(\S+) EXPIREIMAGE_DATABASE_USER=(\S+)/),
      let stop = call.output.firstMatch(of: /kill \d+ && sleep 2 && rm -r (\S+)/)
    else { throw JSON.Mismatch("the demo does not say how to go on: \(call.output)") }
    // Whatever happens below, no server stays.
    defer { try? FileManager.default.removeItem(atPath: String(stop.1)) }
    var environment = ["EXPIREIMAGE_DATABASE_SOCKET": String(match.1)]
    environment["EXPIREIMAGE_DATABASE_USER"] = String(match.2)
    let facts = Result { try Self.facts(socket: String(match.1)) }
    let plan = Result { try Executable.run(["plan", "--all", "--format", "json"], environment: environment) }
    isStopped = try Self.shell(String(stop.0)) == 0 && !FileManager.default.fileExists(atPath: String(stop.1))
    self.facts = try facts.get()
    self.plan = (try plan.get().status, try JSON(plan.get().output))
    atexit { if let run = try? DemoRun.shared.get() { try? FileManager.default.removeItem(at: run.folder) } }
  }

  /// Runs a printed command as a person would paste it.
  private static func shell(_ command: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  private static func facts(socket: String) throws -> Facts {
    let connection = try Connection(ConnectionOptions(socket: socket, name: "vcl", user: "root"))
    func count(_ sql: String) throws -> Int { try connection.first(sql) { $0.int(0) } ?? -1 }
    func events(_ kind: String) throws -> Int {
      try count("SELECT COUNT(DISTINCT revision_id) FROM expireimage_event WHERE kind = '\(kind)'")
    }
    var facts = Facts()
    facts.marks = try events("mark")
    facts.flags = try events("flag")
    facts.restores = try events("restore")
    facts.undeletes = try events("undelete")
    facts.wholeImages = try count(
      "SELECT COUNT(DISTINCT image_id) FROM expireimage_event WHERE kind = 'flag' AND whole_image = 1")
    facts.keepsOfResetDates = try count("SELECT COUNT(*) FROM expireimage_keep WHERE origin = 'date_reset'")
    facts.lateFlags = try connection.rows(
      """
      SELECT CONCAT('revision ', e.revision_id, ' flagged ', e.happened) FROM expireimage_event e
      WHERE e.kind = 'flag' AND NOT EXISTS (
        SELECT 1 FROM expireimage_notice n JOIN expireimage_mail m ON m.id = n.mail_id
        WHERE n.revision_id = e.revision_id AND m.status = 'accepted' AND m.recipient <> 'fallback'
          AND n.expiredate IS NOT NULL AND m.accepted_on <= DATE(e.happened) - INTERVAL 14 DAY)
      """
    ) { $0.string(0) }
    facts.imagesWithoutProduction = try connection.rows(
      """
      SELECT i.prettyname FROM image i WHERE i.deleted = 0 AND i.name <> 'noimage' AND NOT EXISTS (
        SELECT 1 FROM imagerevision r WHERE r.imageid = i.id AND r.deleted = 0 AND r.production = 1)
      """
    ) { $0.string(0) }
    facts.touchedImages = Set(
      try connection.rows(
        """
        SELECT DISTINCT i.prettyname FROM image i JOIN imagerevision r ON r.imageid = i.id
        WHERE r.expiredate IS NOT NULL OR r.id IN (SELECT revision_id FROM expireimage_event)
        """
      ) { $0.string(0) })
    facts.today = try connection.first("SELECT CURDATE()") { $0.string(0) } ?? ""
    facts.lastRun = try connection.first("SELECT MAX(day) FROM expireimage_run") { $0.string(0) } ?? ""
    facts.summaries = try count("SELECT COUNT(*) FROM expireimage_mail WHERE recipient = 'summary'")
    facts.runs = try count("SELECT COUNT(*) FROM expireimage_run WHERE finished IS NOT NULL")
    try connection.query(
      "SELECT status, COUNT(*) FROM expireimage_mail WHERE recipient <> 'summary' GROUP BY status"
    ) { row in
      facts.mailStatus[row.string(0)] = row.int(1)
    }
    return facts
  }
}
