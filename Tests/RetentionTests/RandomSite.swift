@testable import Retention

/// Random numbers that are the same in every run (SplitMix64).
struct FixedSeed: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  mutating func day(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func one<Element>(of list: [Element]) -> Element { list.randomElement(using: &self)! }
}

/// A site with everything that the rules know about, drawn at random.
struct RandomSite {
  let policies: PolicySet
  var database: Database

  init(seed: Int) throws {
    var random = FixedSeed(state: UInt64(seed))
    policies = try Self.policies(&random)
    database = Database(
      facts: facts(
        (1...random.day(1...25)).map { Self.image($0, &random) },
        recordedSince: random.one(of: [nil, -150, -5000]),
        admin: random.chance(85), reachable: random.one(of: [[1, 2], [1], []])))
  }

  /// Draws until there is no contradiction: what contradicts itself is never used.
  private static func policies(_ random: inout FixedSeed) throws -> PolicySet {
    while true {
      let settings: Settings = [
        "mode": random.one(of: ["flag", "flag", "flag", "notify", "report"]),
        "idle_days_production": random.one(of: ["0", "150", "300"]),
        "unused_days_production": random.one(of: ["0", "200"]),
        "idle_days_older": random.one(of: ["0", "1", "50", "180"]),
        "unused_days_newer": random.one(of: ["0", "20", "180"]),
        "keep_newest": random.one(of: ["0", "0", "1", "2"]),
        "grace_days": random.one(of: ["0", "1", "14", "30"]),
        "grace_days|Branch": random.one(of: ["15", "30"]),
        "min_notice_days": random.one(of: ["0", "1", "14"]),
        "day_count": random.one(of: ["calendar", "business"]),
        "weekdays": random.one(of: ["all", "all", "mon,tue,wed,thu,fri", "wed"]),
        "blackout": random.one(of: ["none", "2026-06-01", "2026-06-15..2026-07-15"]),
        "max_flag_count": random.one(of: ["none", "0", "1", "5"]),
        "max_flag_percent": random.one(of: ["none", "5", "20"]),
        "fallback_counts": random.one(of: ["yes", "no"]),
        "exclude_images": random.one(of: ["", "image-1*"]),
        "only_owners": random.one(of: ["", "", "alice@Local"]),
      ]
      let set = try RetentionTests.policies(settings)
      if set.contradiction(today: today) == nil { return set }
    }
  }

  private static func image(_ id: Int, _ random: inout FixedSeed) -> Image {
    let count = random.day(1...5)
    let production: Set<Int> =
      random.chance(90) ? [random.day(1...count)] : random.one(of: [[], [1, 2]])
    let owner = random.one(of: [alice, alice, bob, nil])
    // Some images are idle in all their revisions, so that whole images come up.
    let busy = random.one(of: [-1, -200])
    var image = Retention.Image(id: id, name: "image-\(id)", prettyName: "Image \(id)", owner: owner)
    image.isDeleted = random.chance(3)
    image.installType = random.chance(3) ? "kickstart" : "vmware"
    if random.chance(8) { image.holds = [Hold(.holdBlockRequest, holder: "a test")] }
    image.revisions = (1...count).map { number in
      revision(imageID: id, number, isProduction: production.contains(number), busy, owner, &random)
    }
    return image
  }

  private static func revision(
    imageID: Int, _ number: Int, isProduction: Bool, _ busy: Int, _ owner: Owner?, _ random: inout FixedSeed
  ) -> Revision {
    let created = random.chance(97) ? day(random.day(-900 ... -400)) : nil
    var revision = Revision(
      id: imageID * 100 + number, number: number, isProduction: isProduction, createdOn: created)
    revision.lastUse =
      random.chance(20)
      ? .never : random.chance(3) ? .undated : .at(Moment(day: day(random.day(-390...busy))))
    if random.chance(8) { revision.holds = [Hold(.holdComputer, holder: "a test")] }
    if random.chance(8) { revision.keepEndedOn = day(random.day(-40...0)) }
    if random.chance(8) { revision.keepUntil = .some(random.chance(20) ? nil : day(random.day(-20...20))) }
    revision.wasUndeleted = random.chance(3)
    if random.chance(50) { revision.expireDate = day(random.day(-30...30)) }
    if random.chance(40) {
      let date = random.chance(90) ? revision.expireDate ?? day(5) : day(random.day(-30...30))
      let origin = random.one(of: [Mark.Origin.criteria, .criteria, .criteria, .adopted, .person])
      revision.mark = Mark(
        expireDate: date, computedDate: origin == .criteria ? date : nil,
        markedOn: date - random.one(of: [14, 30]),
        origin: origin, lastUse: random.chance(90) ? revision.lastUse.moment : Moment(day: day(-395)))
      revision.notices = (0..<random.day(0...3)).map { _ in notice(date, owner, &random) }
    }
    return revision
  }

  private static func notice(_ date: Day, _ owner: Owner?, _ random: inout FixedSeed) -> Notice {
    let queued = day(random.day(-40...0))
    let status = random.one(of: [Notice.Status.accepted, .accepted, .accepted, .open, .failed])
    return Notice(
      date: date + random.one(of: [0, 0, -5, 5]), ownerID: random.chance(90) ? owner?.id : 77,
      recipient: random.one(of: Notice.Recipient.allCases), status: status, queuedOn: queued,
      acceptedOn: status == .accepted ? queued : nil)
  }
}

/// What the tables hold, and how a run changes them.
struct Database {
  var facts: Facts

  /// Writes a plan as the run does; its notices are queued, and accepted on the same day where that is said.
  mutating func apply(_ plan: Plan, noticesAccepted: Bool) {
    let decisions = Dictionary(plan.decisions.map { ($0.revisionID, $0) }) { $1 }
    for imageIndex in facts.images.indices {
      let owner = facts.images[imageIndex].owner
      for index in facts.images[imageIndex].revisions.indices {
        guard let decision = decisions[facts.images[imageIndex].revisions[index].id] else { continue }
        change(&facts.images[imageIndex].revisions[index], decision, plan.today, owner, noticesAccepted)
      }
      facts.images[imageIndex].revisions.removeAll { decisions[$0.id]?.kind == .flag }
    }
    facts.images.removeAll { $0.revisions.isEmpty }
  }

  private func change(
    _ revision: inout Revision, _ decision: Decision, _ today: Day, _ owner: Owner?, _ noticesAccepted: Bool
  ) {
    switch decision.kind {
    case .mark, .redate: revision.expireDate = decision.newExpireDate
    case .unmark: revision.expireDate = nil
    case .keep, .flag: break
    }
    switch decision.markChange {
    case .none: break
    case .begin(let mark):
      revision.mark = mark
      revision.notices = []
    case .update(let mark): revision.mark = mark
    case .end:
      revision.mark = nil
      revision.notices = []
    }
    if let until = decision.keepUntil { revision.keepUntil = .some(until) }
    if decision.reasons.contains(.undeleted) { revision.wasUndeleted = false }
    let hasNewDate = decision.kind == .mark || decision.kind == .redate || decision.reasons.contains(.adopted)
    if hasNewDate, let date = revision.expireDate {
      revision.notices.append(
        Notice(
          date: date, ownerID: owner?.id, recipient: owner == nil ? .admin : .owner,
          status: noticesAccepted ? .accepted : .open, queuedOn: today,
          acceptedOn: noticesAccepted ? today : nil))
    }
  }
}
