@testable import Retention

// Sites in a few words. All days are relative to one fixed day, a Monday:
//
//   let plan = try plan(["grace_days": "20"]) {
//     image(production: 2) { revision(1, lastUse: -400); revision(2, lastUse: -1) }
//   }
//   #expect(plan.line(1) == "mark +20: idle_older")

/// Monday, 2026-06-01.
let today = Day(year: 2026, month: 6, day: 1)!

func day(_ offset: Int) -> Day { today + offset }

/// The owner of every image that names no other.
let alice = Owner(id: 1, account: Account(userName: "alice", affiliation: "Local"))
let bob = Owner(id: 2, account: Account(userName: "bob", affiliation: "Branch"))

/// A revision whose image is not known yet.
struct Draft {
  let number: Int
  let created: Int?
  let finish: (inout Revision) -> Void

  func revision(imageID: Int, production: Set<Int>) -> Revision {
    var revision = Revision(
      id: imageID * 100 + number, number: number, isProduction: production.contains(number),
      createdOn: created.map(day))
    finish(&revision)
    return revision
  }
}

/// How a test says what is known about the use of a revision.
enum Use {
  case never
  case undated
  case on(Int, second: Int = 0)

  var lastUse: LastUse {
    switch self {
    case .never: .never
    case .undated: .undated
    case .on(let offset, let second): .at(Moment(day: day(offset), second: second))
    }
  }
}

/// A revision; `kept` is the end of a keep, `date` its expire date.
func revision(
  _ number: Int, created: Int? = -2000, lastUse: Int? = nil, use: Use? = nil, date: Int? = nil,
  mark: Mark? = nil, holds: [Reason] = [], kept: Int? = nil, keptForEver: Bool = false,
  keptBefore: Int? = nil, notices: [Notice] = [], undeleted: Bool = false, resetRecorded: Bool = false
) -> Draft {
  Draft(number: number, created: created) { revision in
    revision.lastUse = use?.lastUse ?? lastUse.map { Use.on($0).lastUse } ?? .never
    revision.expireDate = date.map(day)
    revision.mark = mark
    revision.holds = holds.map { Hold($0, holder: "a test") }
    revision.isResetRecorded = resetRecorded
    if let kept { revision.keepUntil = .some(day(kept)) }
    if keptForEver { revision.keepUntil = .some(nil) }
    revision.keepEndedOn = keptBefore.map(day)
    revision.notices = notices
    revision.wasUndeleted = undeleted
  }
}

/// A mark of the criteria with the given date, made so many days before it.
func mark(
  date: Int, grace: Int = 30, on markedOn: Int? = nil, computed: Int? = nil, lastUse: Int? = -400,
  origin: Mark.Origin = .criteria
) -> Mark {
  Mark(
    expireDate: day(date), computedDate: origin == .criteria ? day(computed ?? date) : nil,
    markedOn: day(markedOn ?? date - grace), origin: origin, lastUse: lastUse.map { Moment(day: day($0)) })
}

/// An older revision, long idle, that this program gave a date.
func marked(
  _ number: Int, date: Int, lastUse: Int? = -400, mark given: Mark? = nil, holds: [Reason] = [],
  kept: Int? = nil, keptBefore: Int? = nil, notices: [Notice] = []
) -> Draft {
  revision(
    number, lastUse: lastUse, date: date, mark: given ?? mark(date: date, lastUse: lastUse), holds: holds,
    kept: kept, keptBefore: keptBefore, notices: notices)
}

/// A notice of a date; accepted when it says on which day.
func notice(
  date: Int, accepted: Int?, owner: Int? = 1, to recipient: Notice.Recipient = .owner,
  status: Notice.Status? = nil
) -> Notice {
  Notice(
    date: day(date), ownerID: owner, recipient: recipient,
    status: status ?? (accepted == nil ? .open : .accepted), queuedOn: day(accepted ?? -30),
    acceptedOn: accepted.map(day))
}

@resultBuilder enum ListBuilder<Element> {
  static func buildExpression(_ element: Element) -> [Element] { [element] }
  static func buildExpression(_ elements: [Element]) -> [Element] { elements }
  static func buildBlock(_ lists: [Element]...) -> [Element] { lists.flatMap { $0 } }
  static func buildOptional(_ list: [Element]?) -> [Element] { list ?? [] }
  static func buildArray(_ lists: [[Element]]) -> [Element] { lists.flatMap { $0 } }
}

func image(
  _ id: Int = 1, production: Set<Int>, name: String = "vmwarelinux-test", owner: Owner? = alice,
  deleted: Bool = false, installType: String = "vmware", holds: [Reason] = [],
  @ListBuilder<Draft> _ drafts: () -> [Draft]
) -> Image {
  var image = Image(id: id, name: name, prettyName: "Image \(id)", owner: owner)
  image.isDeleted = deleted
  image.installType = installType
  image.holds = holds.map { Hold($0, holder: "a test") }
  image.revisions = drafts().map { $0.revision(imageID: id, production: production) }
  return image
}

func image(
  _ id: Int = 1, production: Int, name: String = "vmwarelinux-test", owner: Owner? = alice,
  holds: [Reason] = [], @ListBuilder<Draft> _ drafts: () -> [Draft]
) -> Image {
  image(id, production: [production], name: name, owner: owner, holds: holds, drafts)
}

/// An image whose revision 2 is in production and in use, with the given ones beside it.
func imageInUse(
  _ id: Int = 1, name: String = "vmwarelinux-test", owner: Owner? = alice,
  @ListBuilder<Draft> _ drafts: () -> [Draft]
) -> Image {
  image(id, production: 2, name: name, owner: owner) {
    drafts()
    revision(2, lastUse: -1)
  }
}

/// Settings by key without `expireimage_`; one of an affiliation is written `key|Affiliation`.
typealias Settings = [String: String]

/// The built-in policy in mode `flag` and without limits, and what the test sets on top.
func policies(_ settings: Settings = [:], call: Settings = [:]) throws(PolicyError) -> PolicySet {
  let base = ["mode": "flag", "max_flag_count": "none", "max_flag_percent": "none"]
  return try PolicySet(
    stored: rows(base.merging(settings) { $1 }), call: rows(call))
}

func rows(_ settings: Settings) -> [PolicySet.Setting] {
  settings.sorted { $0.key < $1.key }.map { name, value in
    let parts = name.split(separator: "|", maxSplits: 1)
    return PolicySet.Setting(
      key: "expireimage_\(parts[0])", affiliation: parts.count > 1 ? String(parts[1]) : nil, value: value)
  }
}

func facts(
  _ images: [Image], flagged: [FlaggedRevision] = [], recordedSince: Int? = -5000, admin: Bool = true,
  reachable: Set<Int> = [1, 2]
) -> Facts {
  Facts(
    images: images, flagged: flagged, newestUse: today, usageRecordedSince: recordedSince.map(day),
    hasAdminAddress: admin, ownersWithAddress: reachable)
}

/// The plan of the night that is so many days after the fixed day.
func plan(
  _ settings: Settings = [:], on offset: Int = 0, flagged: [FlaggedRevision] = [],
  recordedSince: Int? = -5000, admin: Bool = true, reachable: Set<Int> = [1, 2],
  @ListBuilder<Image> _ images: () -> [Image]
) throws -> Plan {
  Plan(
    facts: facts(
      images(), flagged: flagged, recordedSince: recordedSince, admin: admin, reachable: reachable),
    policies: try policies(settings), today: day(offset))
}

extension Plan {
  func decision(_ number: Int, image: Int = 1) -> Decision? {
    decisions.first { $0.imageID == image && $0.revision == number }
  }

  /// One decision as `kind new-date: reasons`; the date counts from the fixed day, `-` is none.
  func line(_ number: Int, image: Int = 1) -> String {
    guard let decision = decision(number, image: image) else { return "no decision" }
    let date = decision.newExpireDate.map { date in
      let offset = date - fixedToday
      return offset < 0 ? "\(offset)" : "+\(offset)"
    }
    let reasons = decision.reasons.map(\.rawValue).joined(separator: " ")
    return "\(decision.kind.rawValue) \(date ?? "-"): \(reasons)"
  }

  /// The new dates of revision 1 of each image, counted from the fixed day.
  var datesOfFirstRevisions: [Int?] {
    decisions.filter { $0.revision == 1 }.map { $0.newExpireDate.map { $0 - fixedToday } }
  }
}

/// The fixed day under a name that `Plan.today` does not hide.
private let fixedToday = today
