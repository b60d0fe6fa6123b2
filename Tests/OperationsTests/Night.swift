import Campus
import Foundation
import MariaDB
import Operations
import Retention
import TestSupport

/// What a run or a plan reported, read back from its JSON.
struct Night: Decodable, Sendable {
  struct Row: Decodable, Sendable, Equatable {
    let revisionID: Int
    let expiredate: String?
    let newExpiredate: String?
    let decision: String
    let reasons: [String]

    enum CodingKeys: String, CodingKey {
      case revisionID = "revision_id"
      case expiredate
      case newExpiredate = "new_expiredate"
      case decision
      case reasons
    }
  }

  struct Mail: Decodable, Sendable, Equatable {
    let to: String
    let status: String
    let revisionIDs: [Int]

    enum CodingKeys: String, CodingKey {
      case to
      case status
      case revisionIDs = "revision_ids"
    }
  }

  struct Skipped: Decodable, Sendable, Equatable {
    let revisionID: Int
    let why: String

    enum CodingKeys: String, CodingKey {
      case revisionID = "revision_id"
      case why
    }
  }

  let runID: Int?
  let exitStatus: Int?
  let decisions: [Row]
  let mails: [Mail]?
  let skipped: [Skipped]?

  enum CodingKeys: String, CodingKey {
    case runID = "run_id"
    case exitStatus = "exit_status"
    case decisions
    case mails
    case skipped
  }

  /// What happened to a revision; `keep` when it is not listed.
  func decision(_ revision: Int) -> String {
    decisions.first { $0.revisionID == revision }?.decision ?? "keep"
  }

  func reasons(_ revision: Int) -> [String] {
    decisions.first { $0.revisionID == revision }?.reasons ?? []
  }
}

extension TestSite {
  /// One night, with what it reported.
  @discardableResult
  func night(_ today: String, mode: String = "flag", _ overrides: [String: String] = [:]) throws -> Night {
    let report = try run(today: today, set: overrides.merging(["mode": mode]) { $1 })
    return try JSONDecoder().decode(Night.self, from: Data(report.json().utf8))
  }

  /// Every decision that a night would make.
  func decisions(_ today: String, _ overrides: [String: String] = [:]) throws -> Night {
    try JSONDecoder().decode(
      Night.self, from: Data(plan(today: today, set: overrides).json(all: true).utf8))
  }

  /// The exit status of a night, also of one that is stopped.
  func status(_ today: String?, mode: String = "flag", _ overrides: [String: String] = [:]) -> ExitStatus {
    do {
      return try run(today: today, set: overrides.merging(["mode": mode]) { $1 }).exitStatus
    } catch { return Failure(error).exitStatus }
  }

  /// The date of a revision, `-` for none.
  func date(_ revision: Int) throws -> String {
    try rows("SELECT expiredate FROM imagerevision WHERE id = ?", [Value(revision)]).first ?? "gone"
  }

  /// Whether a revision is flagged, and when.
  func flag(_ revision: Int) throws -> String {
    try rows("SELECT deleted, datedeleted FROM imagerevision WHERE id = ?", [Value(revision)]).first ?? "gone"
  }

  /// The kinds of the events of a revision, in their order.
  func events(_ revision: Int) throws -> [String] {
    try rows("SELECT kind FROM expireimage_event WHERE revision_id = ? ORDER BY id", [Value(revision)])
  }
}

/// An image with an old revision that meets the criteria on 2026-03-02, and a production one that is in use.
struct IdleImage {
  let image: Int
  let old: Int
  let production: Int

  /// Adds the image; a `lastUse` of nil means that the old revision was never reserved.
  init(
    _ site: TestSite, _ name: String = "Statistics", owner: Int? = nil, lastUse: String? = "2025-03-01",
    hasOwner: Bool = true
  ) throws {
    let campus = site.campus
    let owner = try hasOwner ? owner ?? Self.owner(site) : nil
    image = try campus.image(name, owner: owner)
    old = try campus.revision(of: image, 1, created: "2024-01-15 10:00:00")
    production = try campus.revision(of: image, 2, production: true, created: "2024-06-15 10:00:00")
    if let lastUse { try campus.use(old, from: "\(lastUse) 09:00:00", to: "\(lastUse) 12:00:00") }
    try campus.use(production, from: "2026-02-27 09:00:00", to: "2026-02-27 10:00:00")
  }

  /// The person who owns the images of a test, made when first asked for.
  static func owner(_ site: TestSite) throws -> Int {
    if let known = try site.rows("SELECT id FROM user WHERE unityid = 'jdoe'").first.flatMap({ Int($0) }) {
      return known
    }
    return try site.campus.user("jdoe", first: "Jane")
  }
}
