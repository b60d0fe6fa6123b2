import Campus
import MariaDB
import Retention
import TestSupport
import Testing

@Suite("What holds a revision or an image")
struct HoldTests {
  /// An image of which every revision meets the criteria, and what somebody does with it.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The code that must, or must not, be among the reasons.
    let reason: String
    let holds: Bool
    let write: @Sendable (CampusBuilder, Target) throws -> Void

    init(
      _ sentence: String, _ reason: String, _ holds: Bool = true,
      write: @escaping @Sendable (CampusBuilder, Target) throws -> Void
    ) {
      testDescription = sentence
      self.reason = reason
      self.holds = holds
      self.write = write
    }
  }

  struct Target {
    let image: Int
    let old: Int
    let production: Int
    /// Another image, which is in use.
    let otherImage: Int
    let otherRevision: Int
  }

  static let today = "2026-03-02"
  static let past = "2026-03-01 23:59:59"
  static let future = "2026-03-02 00:10:00"

  /// Requests in these states hold nothing.
  static let closed: [VCLState] = [.complete, .failed]

  static let revisionCases: [Case] =
    VCLState.allCases.map { state in
      Case(
        "a request in state \(state)", "hold_reservation", !closed.contains(state),
        write: { campus, target in try campus.request(of: target.old, state: state) })
    } + [
      Case("a future reservation", "hold_reservation") { campus, target in
        _ = try campus.reserve(
          [target.old], by: 1, from: "2026-05-01 09:00:00", to: "2026-05-02 09:00:00",
          at: "2025-03-01 09:00:00")
      },
      Case("a reload by vclreload", "hold_reservation") { campus, target in
        try campus.request(of: target.old, by: CampusBuilder.vclreload, state: .reload)
      },
      Case("a semaphore", "hold_semaphore") { campus, target in
        try campus.semaphore(of: target.old, expires: future)
      },
      Case("an expired semaphore", "hold_semaphore", false) { campus, target in
        try campus.semaphore(of: target.old, expires: past)
      },
      Case("a computer that is deleted", "hold_computer", false) { campus, target in
        try campus.computer(with: target.old, state: .inuse, deletedAt: "2026-01-01 00:00:00")
      },
      Case("a zero date of creation", "hold_created_unknown") { campus, target in
        try campus.connection.execute(
          "UPDATE imagerevision SET datecreated = 0 WHERE id = ?", [Value(target.old)])
      },
      Case("a use without a date only", "hold_use_undated") { campus, target in
        try campus.connection.execute(
          "UPDATE log SET start = 0, finalend = 0 WHERE imageid = ?", [Value(target.image)])
      },
      Case("a keep without an end", "kept") { campus, target in
        try keep(campus, target.old, until: nil)
      },
      Case("a keep until tomorrow", "kept") { campus, target in
        try keep(campus, target.old, until: "2026-03-03")
      },
      Case("a keep that ends today", "kept", false) { campus, target in
        try keep(campus, target.old, until: today)
      },
      Case("a keep that ended, beside one without an end", "kept") { campus, target in
        try keep(campus, target.old, until: nil)
        try keep(campus, target.old, until: "2026-01-01")
      },
    ]
    + VCLState.allCases.map { state in
      Case(
        "a computer in state \(state)", "hold_computer", ![.available, .failed, .deleted].contains(state),
        write: { campus, target in try campus.computer(with: target.old, state: state) })
    }

  static let imageCases: [Case] = [
    Case("a reservation whose image disagrees with its revision's", "hold_image_reservation") {
      campus, target in
      try campus.request(of: target.otherRevision, image: target.image)
    },
    Case("a completed one of these", "hold_image_reservation", false) { campus, target in
      try campus.request(of: target.otherRevision, state: .complete, image: target.image)
    },
    Case("a requested block allocation", "hold_block_request") { campus, target in
      try campus.blockRequest(of: target.image, expires: future, status: "requested")
    },
    Case("an accepted block allocation", "hold_block_request") { campus, target in
      try campus.blockRequest(of: target.image, expires: future)
    },
    Case("an expired block allocation", "hold_block_request", false) { campus, target in
      try campus.blockRequest(of: target.image, expires: past)
      try campus.blockRequest(of: target.image, expires: past, status: "requested")
    },
    Case("a completed, rejected or deleted one", "hold_block_request", false) { campus, target in
      for status in ["completed", "rejected", "deleted"] {
        let block = try campus.blockRequest(of: target.image, expires: future, status: status)
        try campus.blockTime(of: block, from: past, to: future)
      }
    },
    Case("an expired one with a session ahead", "hold_block_request") { campus, target in
      let block = try campus.blockRequest(of: target.image, expires: past)
      try campus.blockTime(of: block, from: past, to: future)
    },
    Case("an expired one whose session is over", "hold_block_request", false) { campus, target in
      let block = try campus.blockRequest(of: target.image, expires: past)
      try campus.blockTime(of: block, from: past, to: past)
    },
    Case("an expired one whose session is skipped", "hold_block_request", false) { campus, target in
      let block = try campus.blockRequest(of: target.image, expires: past)
      try campus.blockTime(of: block, from: past, to: future, skipped: true)
    },
    Case("a requested one that expired, with a session ahead", "hold_block_request", false) {
      campus, target in
      let block = try campus.blockRequest(of: target.image, expires: past, status: "requested")
      try campus.blockTime(of: block, from: past, to: future)
    },
    Case("computers of a session ahead", "hold_block_computer") { campus, target in
      let block = try campus.blockRequest(of: target.otherImage, expires: future)
      try campus.blockComputer(
        of: try campus.blockTime(of: block, from: past, to: future), image: target.image)
    },
    Case("computers of a session that is over", "hold_block_computer", false) { campus, target in
      let block = try campus.blockRequest(of: target.otherImage, expires: future)
      try campus.blockComputer(
        of: try campus.blockTime(of: block, from: past, to: past), image: target.image)
    },
    Case("a server profile", "hold_server_profile") { campus, target in
      try campus.serverProfile(of: target.image)
    },
    Case("a server profile of another image", "hold_server_profile", false) { campus, target in
      try campus.serverProfile(of: target.otherImage)
    },
    Case("a live cluster", "hold_subimage") { campus, target in
      try campus.cluster(target.otherImage, of: [target.image])
    },
    Case("a cluster that VCL does not read as one", "hold_subimage", false) { campus, target in
      try campus.cluster(target.otherImage, of: [target.image], active: false)
    },
    Case("a deleted cluster", "hold_subimage", false) { campus, target in
      try campus.cluster(target.otherImage, of: [target.image])
      try campus.setDeleted(image: target.otherImage, true)
    },
    Case("a VM host profile", "hold_vm_profile") { campus, target in
      try campus.vmProfile(of: target.image)
    },
    Case("a computer that gets the image next", "hold_next_image") { campus, target in
      try campus.computer(next: target.image)
    },
    Case("a deleted computer that would have got it", "hold_next_image", false) { campus, target in
      try campus.computer(next: target.image, deletedAt: "2026-01-01 00:00:00")
    },
    Case("a one-click link", "hold_one_click") { campus, target in
      try campus.oneClick(of: target.image)
    },
    Case("a one-click link that was deleted", "hold_one_click", false) { campus, target in
      try campus.oneClick(of: target.image, active: false)
    },
    Case("a configuration's subimage, where VCL has them", "hold_config_subimage") { campus, target in
      try campus.connection.execute("CREATE TABLE configsubimage (id INT PRIMARY KEY, imageid INT NOT NULL)")
      try campus.connection.execute("INSERT INTO configsubimage VALUES (1, ?)", [Value(target.image)])
    },
    Case("a configuration's other subimage", "hold_config_subimage", false) { campus, target in
      try campus.connection.execute("CREATE TABLE configsubimage (id INT PRIMARY KEY, imageid INT NOT NULL)")
      try campus.connection.execute("INSERT INTO configsubimage VALUES (1, ?)", [Value(target.otherImage)])
    },
  ]

  static func keep(_ campus: CampusBuilder, _ revision: Int, until: String?) throws {
    try campus.connection.execute(
      """
      INSERT INTO expireimage_keep (revision_id, until, origin, set_by, set_at)
      VALUES (?, ?, 'person', 'jdoe', '2026-01-01 00:00:00')
      """, [Value(revision), Value(until)])
  }

  private func target(_ site: TestSite) throws -> Target {
    let campus = site.campus
    let image = try campus.image("Statistics")
    let old = try campus.revision(of: image, 1)
    let production = try campus.revision(of: image, 2, production: true)
    try campus.clusterUse([old, production], from: "2025-03-01 09:00:00")
    let otherImage = try campus.image("In use")
    let otherRevision = try campus.revision(of: otherImage, production: true)
    try campus.use(otherRevision, from: "2026-02-27 09:00:00")
    return Target(
      image: image, old: old, production: production, otherImage: otherImage, otherRevision: otherRevision)
  }

  @Test("Of the revision", arguments: revisionCases)
  func onRevision(_ example: Case) throws {
    let site = try TestSite()
    let target = try target(site)
    try example.write(site.campus, target)
    let plan = try site.decisions(Self.today)
    #expect(plan.reasons(target.old).contains(example.reason) == example.holds)
    #expect(plan.decision(target.old) == (example.holds ? "keep" : "mark"), "\(plan.reasons(target.old))")
  }

  @Test("Of the image: the production revision, and so the whole image, stays", arguments: imageCases)
  func onImage(_ example: Case) throws {
    let site = try TestSite()
    let target = try target(site)
    try example.write(site.campus, target)
    let plan = try site.decisions(
      Self.today, ["idle_days_production": "100", "unused_days_production": "100"])
    #expect(plan.reasons(target.production).contains(example.reason) == example.holds)
    #expect(plan.decision(target.production) == (example.holds ? "keep" : "mark"))
    #expect(plan.reasons(target.old).contains("whole_image") == !example.holds)
    #expect(plan.decision(target.old) == "mark")
  }

  @Test("Revisions that cannot be judged are reported with their reason, never dropped")
  func unjudged() throws {
    let site = try TestSite()
    let campus = site.campus
    _ = try IdleImage(site)
    var expected: [Int: String] = [1: "hold_noimage"]
    func add(
      _ reason: String, system: CampusSystem = .linux, deleted: Bool = false, productions: Int
    ) throws {
      let image = try campus.image(reason, owner: nil, system: system, deleted: deleted)
      for number in 1...3 {
        expected[try campus.revision(of: image, number, production: number <= productions)] = reason
      }
    }
    try add("hold_no_production", productions: 0)
    try add("hold_several_productions", productions: 2)
    try add("hold_install_type", system: .kickstart, productions: 1)
    try add("hold_image_deleted", deleted: true, productions: 1)
    let lab = try campus.image("lab", system: .labMachine)
    expected[try campus.revision(of: lab, production: true)] = "hold_install_type"
    let capturing = try campus.revision(of: lab, 2, deleted: true)

    let plan = try site.decisions("2026-03-02")
    for (revision, reason) in expected {
      #expect(plan.decisions.contains { $0.revisionID == revision }, "\(reason)")
      #expect(plan.reasons(revision) == [reason])
      #expect(plan.decision(revision) == "keep")
    }
    // A revision that is flagged without a date of deletion is a capture at work, and no live revision.
    #expect(!plan.decisions.contains { $0.revisionID == capturing })
    #expect(Set(plan.decisions.map(\.revisionID)).count == plan.decisions.count)
  }

  @Test("A deleted production revision leaves an image without one")
  func deletedProduction() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    try site.connection.execute(
      "UPDATE imagerevision SET deleted = 1, datedeleted = NOW() WHERE id = ?", [Value(idle.production)])
    #expect(try site.decisions("2026-03-02").reasons(idle.old) == ["hold_no_production"])
  }
}
