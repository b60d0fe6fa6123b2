import Testing

@testable import Retention

/// What holds on any site, tried on 300 of them.
@Suite struct PropertyTests {
  static let seeds = Array(1...300)

  private static func plan(_ site: RandomSite, on night: Int = 0) -> Plan {
    Plan(facts: site.database.facts, policies: site.policies, today: day(night))
  }

  @Test("a second run of the same night changes nothing", arguments: seeds)
  func idempotence(seed: Int) throws {
    var site = try RandomSite(seed: seed)
    let first = Self.plan(site)
    site.database.apply(first, noticesAccepted: seed % 3 > 0)
    let second = Self.plan(site)
    // A flagged revision with a person's date may have been all that kept others from being judged together.
    let open = Set(
      first.decisions.filter { $0.kind == .flag && $0.reasons.contains(.personDate) }.map(\.imageID))
    for decision in second.decisions where !open.contains(decision.imageID) {
      #expect(
        decision.kind == .keep, "\(decision) after \(first.line(decision.revision, image: decision.imageID))")
      #expect(decision.keepUntil == nil)
      #expect(decision.markChange == .none, "\(decision)")
    }
  }

  @Test("the same facts give the same plan", arguments: [1, 2, 3])
  func deterministic(seed: Int) throws {
    let site = try RandomSite(seed: seed)
    #expect(Self.plan(site).decisions == Self.plan(site).decisions)
  }

  @Test("every revision gets one decision, with a reason and a date that fits its kind", arguments: seeds)
  func complete(seed: Int) throws {
    let site = try RandomSite(seed: seed)
    let plan = Self.plan(site)
    #expect(
      plan.decisions.map(\.revisionID).sorted()
        == site.database.facts.images.flatMap(\.revisions).map(\.id).sorted())
    for decision in plan.decisions {
      #expect(
        !decision.reasons.isEmpty && Set(decision.reasons).count == decision.reasons.count, "\(decision)")
      switch decision.kind {
      case .keep: #expect(decision.newExpireDate == decision.expireDate, "\(decision)")
      case .mark: #expect(decision.expireDate == nil && decision.newExpireDate! >= today, "\(decision)")
      case .redate:
        #expect(decision.expireDate != nil && decision.newExpireDate != decision.expireDate, "\(decision)")
        #expect(decision.newExpireDate! > today, "\(decision)")
      case .unmark:
        #expect(decision.newExpireDate == nil, "\(decision)")
        let wasCleared = decision.reasons.contains(.reservedSinceMarked) && decision.markChange == .end
        #expect(decision.expireDate != nil || wasCleared, "\(decision)")
      case .flag:
        #expect(decision.expireDate! <= today && decision.newExpireDate == decision.expireDate, "\(decision)")
      }
    }
  }

  @Test(
    "no plan flags a production revision without every other live revision of its image", arguments: seeds)
  func productionNeverAlone(seed: Int) throws {
    let plan = Self.plan(try RandomSite(seed: seed))
    for (_, decisions) in Dictionary(grouping: plan.decisions, by: \.imageID)
    where decisions.contains(where: { $0.kind == .flag && $0.revisionClass == .production }) {
      #expect(decisions.allSatisfy { $0.kind == .flag && $0.wholeImage }, "\(decisions)")
    }
  }

  @Test("what is held, kept or excluded is neither marked, redated nor flagged", arguments: seeds)
  func protected(seed: Int) throws {
    let site = try RandomSite(seed: seed)
    let plan = Self.plan(site)
    for image in site.database.facts.images {
      for revision in image.revisions where !revision.holds.isEmpty || revision.isKept(on: today) {
        let decision = try #require(plan.decisions.first { $0.revisionID == revision.id })
        #expect(decision.kind == .keep || decision.kind == .unmark, "\(decision)")
      }
    }
  }

  @Test(
    "a flagged revision has a notice that was accepted long enough ago, unless none is needed",
    arguments: seeds)
  func noticed(seed: Int) throws {
    let site = try RandomSite(seed: seed)
    let plan = Self.plan(site)
    for image in site.database.facts.images {
      let policy = site.policies.policy(affiliation: image.owner?.account.affiliation)
      for revision in image.revisions
      where plan.decisions.contains(where: { $0.revisionID == revision.id && $0.kind == .flag }) {
        #expect(policy.allowedDays.allows(today) && policy.mode != .notify)
        guard policy.minimumNoticeDays > 0 else { continue }
        let date = try #require(revision.expireDate)
        #expect(today - date <= 7 && revision.mark?.expireDate == date)
        #expect(
          revision.notices.contains { notice in
            notice.status == .accepted && notice.date <= date && notice.ownerID == image.owner?.id
              && (notice.recipient != .fallback || policy.fallbackCounts)
              && policy.allowedDays.days(from: notice.acceptedOn!, to: today) >= policy.minimumNoticeDays
          }, "\(revision)")
      }
    }
  }

  @Test("a plan flags no more than its limit, and gives no day more than that", arguments: seeds)
  func limits(seed: Int) throws {
    let plan = Self.plan(try RandomSite(seed: seed))
    guard let limit = plan.limit else { return }
    #expect(plan.decisions.count { $0.kind == .flag } <= limit)
    guard limit > 0 else { return }
    let placed = plan.decisions.filter {
      $0.kind == .mark || ($0.kind == .redate && !$0.reasons.contains(.noticeMissing))
    }
    let onDay = Dictionary(
      grouping: plan.decisions.filter { $0.newExpireDate != nil && $0.kind != .flag },
      by: { $0.newExpireDate! })
    for date in Set(placed.compactMap(\.newExpireDate)) {
      let there = onDay[date] ?? []
      let isOneLargeImage = Set(there.map(\.imageID)).count == 1 && there.allSatisfy { $0.wholeImage }
      #expect(there.count <= limit || isOneLargeImage, "\(date): \(there.count) of \(limit)")
    }
  }

  @Test("new dates fall on allowed days, and a moved date leaves the minimum notice", arguments: seeds)
  func allowedDates(seed: Int) throws {
    let site = try RandomSite(seed: seed)
    let plan = Self.plan(site)
    for decision in plan.decisions where decision.kind == .mark || decision.kind == .redate {
      let policy = site.policies.policy(affiliation: decision.owner?.account.affiliation)
      let date = try #require(decision.newExpireDate)
      // The image may have taken over a date that somebody else set.
      if decision.reasons.contains(.noticeMissing) || !decision.wholeImage {
        #expect(policy.allowedDays.allows(date), "\(decision)")
      }
      if decision.reasons.contains(.noticeMissing) { continue }
      #expect(policy.allowedDays.days(from: today, to: date) >= policy.minimumNoticeDays, "\(decision)")
    }
  }
}

/// Many nights in a row.
@Suite struct SimulationTests {
  @Test("over 120 nights nothing is flagged that was used within its idle days", arguments: 1...8)
  func nights(seed: Int) throws {
    var site = try RandomSite(seed: 1000 + seed)
    var random = FixedSeed(state: UInt64(seed))
    for night in 0..<120 {
      reserve(&site.database, on: night, &random)
      let plan = Plan(facts: site.database.facts, policies: site.policies, today: day(night))
      let revisions = Dictionary(
        uniqueKeysWithValues: site.database.facts.images.flatMap(\.revisions).map { ($0.id, $0) })
      for decision in plan.decisions where decision.kind == .flag && !decision.reasons.contains(.personDate) {
        let policy = site.policies.policy(affiliation: decision.owner?.account.affiliation)
        if let used = revisions[decision.revisionID]?.lastUse.day {
          let idle = policy.idleDays[decision.revisionClass]
          #expect(idle > 0 && day(night) - used > idle, "\(decision)")
        }
        #expect(!decision.reasons.contains(where: { $0.isHold }))
      }
      site.database.apply(plan, noticesAccepted: random.chance(90))
    }
  }

  /// A few reservations; half of them clear the date at once, as the triggers do.
  private func reserve(_ database: inout Database, on night: Int, _ random: inout FixedSeed) {
    for image in database.facts.images.indices where random.chance(3) {
      let revision = database.facts.images[image].revisions.indices.randomElement(using: &random)!
      database.facts.images[image].revisions[revision].lastUse = .at(Moment(day: day(night), second: night))
      if random.chance(50) { database.facts.images[image].revisions[revision].expireDate = nil }
    }
  }

  @Test(
    "a first night with many candidates does not run into the limit when their dates come",
    arguments: [
      // count, percent, images, days of production
      ("none", "10", 60, 0), ("none", "3", 40, 0), ("7", "none", 60, 300), ("200", "50", 30, 300),
    ])
  func firstNight(count: String, percent: String, images: Int, production: Int) throws {
    let policies = try policies([
      "max_flag_count": count, "max_flag_percent": percent, "idle_days_production": "\(production)",
    ])
    var database = Database(
      facts: facts(
        (1...images).map { id in
          image(id, production: 2) {
            revision(1, lastUse: -400 - id)
            revision(2, lastUse: id % 3 == 0 ? -400 : -1)
          }
        }))
    var flagged = 0
    for night in 0..<120 {
      for index in database.facts.images.indices {
        let last = database.facts.images[index].revisions.count - 1
        let isInUse = database.facts.images[index].revisions[last].lastUse.day.map { $0 > day(-300) } ?? false
        if isInUse { database.facts.images[index].revisions[last].lastUse = .at(Moment(day: day(night))) }
      }
      let plan = Plan(facts: database.facts, policies: policies, today: day(night))
      #expect(plan.overLimit == nil, "night \(night): \(plan.overLimit ?? 0) of \(plan.limit ?? 0)")
      flagged += plan.countsByKind[.flag] ?? 0
      database.apply(plan, noticesAccepted: true)
    }
    #expect(flagged > images / 2)
  }

  @Test("a reserved revision starts over, and one that is never reserved goes exactly on its date")
  func oneRevision() throws {
    let policies = try policies()
    var database = Database(facts: facts([imageInUse { revision(1, lastUse: -400) }]))
    var history: [Int: String] = [:]
    for night in 0...300 {
      let last = database.facts.images[0].revisions.count - 1
      database.facts.images[0].revisions[last].lastUse = .at(Moment(day: day(night)))
      if night == 20 {
        database.facts.images[0].revisions[0].lastUse = .at(Moment(day: day(night)))
        database.facts.images[0].revisions[0].expireDate = nil
      }
      let plan = Plan(facts: database.facts, policies: policies, today: day(night))
      if let decision = plan.decision(1), decision.kind != .keep { history[night] = plan.line(1) }
      database.apply(plan, noticesAccepted: true)
    }
    #expect(
      history == [
        0: "mark +30: idle_older", 20: "unmark -: reserved_since_marked recently_used",
        201: "mark +231: idle_older", 231: "flag +231: idle_older due",
      ])
  }
}
