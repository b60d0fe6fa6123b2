import Campus
import Mail
import Retention

/// What people do on the demonstration's campus while the nights pass, and what the program makes of it.
///
/// Which revision something happens to is read from the program's own plans, so that every event means something.
final class DemoStory {
  /// The night on which the mode of the site is set higher.
  static let firstNotifyNight = 4
  static let firstFlagNight = 15

  /// A revision whose whole way the summary tells.
  struct Tale {
    let revisionID: Int
    let heading: String
    /// Only the production revision's way is told when a whole image goes.
    var wholeImage = false
  }

  let site: DemoSite
  /// What happened to each revision, in order of time.
  private(set) var history: [Int: [(day: Day, what: String)]] = [:]
  /// How each revision that a plan has seen is called.
  private(set) var titles: [Int: String] = [:]
  /// Revisions that the program has ever given a date, or taken something from.
  private(set) var touched: Set<Int> = []
  private(set) var tales: [Tale] = []
  /// The production revision of each image that a plan has seen.
  private(set) var productions: [Int: Int] = [:]

  private var campus: DemoCampus { site.campus }
  private var lastPlan: Plan?
  private var flaggedLastNight: [Decision] = []
  /// The owner whose mailbox is gone for a while.
  private var unreachable: (owner: Owner, address: String, revision: Decision)?
  private var lateRevision: Int?
  private var undeletedRevision: Int?
  private var hasToldOfAdmins = false
  private var hasToldOfFlags = false
  private var hasToldOfRefusal = false

  init(_ site: DemoSite) {
    self.site = site
  }

  /// What an admin sets up before the first night.
  func begin() throws {
    // A site that clears away whole images tells so; the default never touches a production revision.
    try site.set("expireimage_idle_days_production", "540")
    try site.set("expireimage_unused_days_production", "540")
    try site.set("expireimage_ignore_users", DemoCampus.ignoredUsers)
    try site.set("expireimage_exclude_images", DemoCampus.excludedImages)
    // The default of a tenth suits a site of some thousand revisions.
    try site.set("expireimage_max_flag_percent", "25")
    tales = [
      Tale(revisionID: campus.rescuedRevision, heading: "Kept by a reservation"),
      Tale(revisionID: campus.resetRevision, heading: "Kept for a while by hand"),
    ]
  }

  /// The day before a night: everyday reservations, and now and then something special.
  ///
  /// - Returns: what is worth a sentence.
  func people(before number: Int) throws -> [String] {
    let day = site.day(ofNight: number) - 1
    try reserveAsEveryDay(day, number)
    switch number {
    case Self.firstNotifyNight: return try goNotify(day)
    case 9: return try rescue(day)
    case 12: return try giveMoreTime()
    case Self.firstFlagNight: return try goFlag()
    case 17: return try setPastDate(day)
    case 18: return try resetDate(day)
    case 21: return try monitorReserves(day)
    case 24: return try setDateOnUsed(day)
    case 40: return try repairMailbox(day)
    default: return try afterFlags(day)
    }
  }

  /// A night is over.
  ///
  /// - Returns: what is worth a sentence.
  func program(_ report: RunReport, number: Int) throws -> [String] {
    lastPlan = report.plan
    flaggedLastNight = report.decisions.filter { $0.kind == .flag && !$0.wholeImage }
    for decision in report.plan?.decisions ?? [] {
      titles[decision.revisionID] = DemoWording.title(decision)
      if decision.revisionClass == .production { productions[decision.imageID] = decision.revisionID }
    }
    guard report.mode != .report else { return number == 1 ? [reportSentence(report)] : [] }
    let notable =
      report.decisions
      + (report.plan?.decisions ?? []).filter { $0.kind == .keep && DemoWording.event($0) != nil }
    for decision in notable {
      touched.insert(decision.revisionID)
      guard let event = DemoWording.event(decision) else { continue }
      history[decision.revisionID, default: []].append((report.today, event))
    }
    return marksSentences(report) + mailSentences(report) + eventSentences(notable) + flagSentences(report)
  }

  private func note(_ revision: Int, _ day: Day, _ what: String) {
    history[revision, default: []].append((day, what))
  }
}

// MARK: - The days

extension DemoStory {
  private func time(_ day: Day, _ hour: Int, _ minute: Int = 0) -> CampusTime {
    let (year, month, dayOfMonth) = day.components
    return CampusTime(year: year, month: month, day: dayOfMonth, hour: hour, minute: minute)
  }

  private func reserve(_ revision: Int, by person: String, _ start: CampusTime) throws {
    let reservation = try campus.reserve(revision: revision, user: person, at: start)
    try campus.finishReservation(reservation, at: start.later(hours: 1, minutes: 40))
  }

  /// A few reservations, so that the site's usage data never looks old; fewer on weekends.
  private func reserveAsEveryDay(_ day: Day, _ number: Int) throws {
    let students = campus.people.keys.filter { $0 != "vclmonitor" }.sorted()
    let isWeekend = [.saturday, .sunday].contains(day.weekday)
    for index in 0..<(isWeekend ? 2 : 4 + number % 3) {
      let revision = campus.popularRevisions[(number * 7 + index * 3) % campus.popularRevisions.count]
      try reserve(
        revision, by: students[(number * 5 + index * 11) % students.count],
        time(day, 9 + index * 2, number * 13 % 60))
    }
  }

  private func goNotify(_ day: Day) throws -> [String] {
    try site.set("expireimage_mode", "notify")
    try chooseUnreachable(day)
    return [
      "The admin has read the plan and sets expireimage_mode to notify: dates and mails, but no flags yet."
    ]
  }

  /// The reachable owner with the fewest revisions in the plan, two at least, and none that a tale is about.
  private func chooseUnreachable(_ day: Day) throws {
    let marks = (lastPlan?.decisions ?? []).filter { $0.kind == .mark && !$0.wholeImage }
    let told = Set(
      marks.filter { decision in tales.contains { $0.revisionID == decision.revisionID } }.map(\.owner))
    let byOwner = Dictionary(grouping: marks) { $0.owner }.filter {
      $0.value.count > 1 && !told.contains($0.key)
    }
    for (owner, decisions) in byOwner.sorted(by: {
      ($0.value.count, $0.key?.id ?? 0) < ($1.value.count, $1.key?.id ?? 0)
    }) {
      guard let owner, let address = try soleAddress(owner) else { continue }
      unreachable = (owner, address, decisions[0])
      site.sink.refuse(address)
      tales.append(Tale(revisionID: decisions[0].revisionID, heading: "Not flagged without notice"))
      note(decisions[0].revisionID, day, "belongs to \(owner.account), whose mailbox \(address) is gone")
      return
    }
  }

  /// The address of a person who has one.
  private func soleAddress(_ owner: Owner) throws -> String? {
    let list = MailAddress.list(from: try campus.email(of: owner.id)).usable
    guard list.count == 1, campus.people[owner.account.userName] == owner.id else { return nil }
    return list[0].description
  }

  private func rescue(_ day: Day) throws -> [String] {
    let revision = campus.rescuedRevision
    guard let decision = dated(revision), let owner = decision.owner else { return [] }
    try reserve(revision, by: owner.account.userName, time(day, 14, 20))
    note(revision, day, "is reserved by \(owner.account)")
    return ["\(owner.account) has read the mail and reserves \(DemoWording.title(decision)) for two hours."]
  }

  private func giveMoreTime() throws -> [String] {
    try site.set("expireimage_grace_days", "45", affiliation: "MedSchool")
    return ["MedSchool asks for more time: its images get 45 days of grace in place of 30."]
  }

  private func goFlag() throws -> [String] {
    try site.set("expireimage_mode", "flag")
    return ["Nobody has complained: the admin sets expireimage_mode to flag."]
  }

  private func setPastDate(_ day: Day) throws -> [String] {
    guard let revision = campus.oddCase("date set by hand")?.revisionID, let decision = dated(revision) else {
      return []
    }
    try campus.setDatesByHand()
    note(revision, day, "is given a date long past by hand")
    return [
      "Somebody wants to be rid of \(DemoWording.title(decision)) and gives it a date long past by hand."
    ]
  }

  private func resetDate(_ day: Day) throws -> [String] {
    guard let decision = dated(campus.resetRevision) else { return [] }
    try campus.builder.setExpireDate(decision.revisionID, nil)
    note(decision.revisionID, day, "has its date set to NULL by hand")
    return ["Somebody sets the date of \(DemoWording.title(decision)) to NULL in the database."]
  }

  private func monitorReserves(_ day: Day) throws -> [String] {
    guard let decision = lastPlan?.decisions.last(where: isOrdinary) else { return [] }
    try reserve(decision.revisionID, by: "vclmonitor", time(day, 4))
    return [
      "The monitoring account reserves \(DemoWording.title(decision)). It is on expireimage_ignore_users, so that is"
        + " no use and the date stays."
    ]
  }

  private func setDateOnUsed(_ day: Day) throws -> [String] {
    let popular = Set(campus.popularRevisions)
    guard let decision = lastPlan?.decisions.first(where: { popular.contains($0.revisionID) }) else {
      return []
    }
    try campus.builder.setExpireDate(decision.revisionID, (day + 10).description)
    note(decision.revisionID, day, "is given the date \(day + 10) by hand")
    return [
      "By mistake an admin gives \(DemoWording.title(decision)), which is reserved every week, the date \(day + 10)."
    ]
  }

  private func repairMailbox(_ day: Day) throws -> [String] {
    guard let (owner, old, revision) = unreachable else { return [] }
    let address = "\(owner.account.userName)@mail.example.edu"
    try campus.setEmail(of: owner.id, address)
    note(revision.revisionID, day, "can be announced: its owner has the address \(address) now")
    return ["The admin finds the new address of \(owner.account) and replaces \(old) by \(address)."]
  }

  /// What happens on the day after the first revisions were flagged, and after the next ones.
  private func afterFlags(_ day: Day) throws -> [String] {
    let candidates = try flaggedLastNight.filter { decision in
      try !isOdd(decision)
        && decision.owner.map { try soleAddress($0) != nil && $0 != unreachable?.owner } ?? false
    }
    guard let decision = candidates.first, let owner = decision.owner else { return [] }
    if lateRevision == nil {
      lateRevision = decision.revisionID
      tales.append(Tale(revisionID: decision.revisionID, heading: "Restored"))
      try reserve(decision.revisionID, by: owner.account.userName, time(day, 10, 5))
      note(decision.revisionID, day, "is reserved by \(owner.account) on a page that was still open")
      return [
        "\(owner.account) reserves \(DemoWording.title(decision)) on a page that was opened before last night's flag."
      ]
    }
    guard undeletedRevision == nil else { return [] }
    undeletedRevision = decision.revisionID
    tales.append(Tale(revisionID: decision.revisionID, heading: "Undeleted by hand"))
    try campus.undelete(decision.revisionID)
    note(decision.revisionID, day, "is undeleted by hand at its owner's wish")
    return [
      "\(owner.account) misses \(DemoWording.title(decision)), flagged last night; the admin undeletes it by hand."
    ]
  }

  /// The last decision on a revision, if it has a date.
  private func dated(_ revision: Int) -> Decision? {
    lastPlan?.decisions.first { $0.revisionID == revision && $0.newExpireDate != nil }
  }

  private func isOdd(_ decision: Decision) -> Bool {
    campus.oddCases.contains { $0.imageID == decision.imageID }
  }

  /// Marked, and nothing else is told of it.
  private func isOrdinary(_ decision: Decision) -> Bool {
    decision.newExpireDate != nil && !decision.wholeImage && decision.owner != unreachable?.owner
      && decision.reasons.contains(.marked) && !isOdd(decision)
      && !tales.contains { $0.revisionID == decision.revisionID }
  }
}

// MARK: - The nights

extension DemoStory {
  private func reportSentence(_ report: RunReport) -> String {
    let marks = report.plan?.countsByKind[.mark] ?? 0
    return
      "In mode report nothing is written. The plan: of \(report.plan?.judged ?? 0) revisions that can be judged,"
      + " \(marks) would get an expire date."
  }

  /// How the dates of a night with many marks are spread.
  private func marksSentences(_ report: RunReport) -> [String] {
    let dates = report.decisions.filter { $0.kind == .mark }.compactMap(\.newExpireDate)
    guard dates.count > 10, let first = dates.min(), let last = dates.max() else { return [] }
    let limit = report.plan?.limit.map { "; one run may flag \($0), so that the dates are spread" } ?? ""
    return [
      "\(dates.count) revisions get a date from \(first) to \(last)\(limit). Their owners are told at once."
    ]
  }

  private func mailSentences(_ report: RunReport) -> [String] {
    var sentences: [String] = []
    let refused = report.mails.filter { $0.status == "failed" }
    if !hasToldOfRefusal, let mail = refused.first {
      hasToldOfRefusal = true
      sentences.append(
        "The mail to \(mail.recipients.joined(separator: ", ")) is refused (\(mail.reply ?? "")): the admins get it,"
          + " and nothing in it is flagged until its owner was told.")
    }
    let owners = Set(
      report.decisions.filter { $0.kind == .mark }.compactMap(\.owner).filter {
        (try? MailAddress.list(from: campus.email(of: $0.id)).usable.isEmpty) == true
      }.map(\.account.description))
    if !hasToldOfAdmins, !owners.isEmpty {
      hasToldOfAdmins = true
      sentences.append(
        "\(DemoText.list(owners.sorted())) cannot be written to: the admins get their notices, which count.")
    }
    return sentences
  }

  /// What answers something that people did; what happens to many at once is one sentence.
  private func eventSentences(_ decisions: [Decision]) -> [String] {
    let told = decisions.filter { decision in
      switch decision.kind {
      case .mark: false
      case .flag:
        decision.revisionID != lateRevision && tales.contains { $0.revisionID == decision.revisionID }
      case .keep, .redate, .unmark: true
      }
    }
    let moved = told.filter { $0.reasons.contains(.policyChanged) }
    guard moved.count > 2, let first = moved.compactMap(\.newExpireDate).min() else {
      return told.compactMap(sentence)
    }
    let images = Set(moved.map(\.imageID)).count
    return [
      "\(moved.count) revisions of \(images) images move to later dates, \(first) the first; their owners are told."
    ] + told.filter { !$0.reasons.contains(.policyChanged) }.compactMap(sentence)
  }

  private func sentence(_ decision: Decision) -> String? {
    DemoWording.event(decision).map { "\(DemoWording.title(decision)) \($0)." }
  }

  private func flagSentences(_ report: RunReport) -> [String] {
    var sentences: [String] = []
    let flags = report.decisions.filter { $0.kind == .flag }
    if !hasToldOfFlags, !flags.isEmpty {
      hasToldOfFlags = true
      sentences.append(
        "\(flags.count == 1 ? "The first revision is" : "The first \(flags.count) revisions are") flagged as deleted,"
          + " at least 14 days after a notice that the owner's mail server has accepted.")
    }
    for (_, members) in Dictionary(grouping: flags.filter(\.wholeImage), by: \.imageID).sorted(by: {
      $0.key < $1.key
    }) {
      guard let production = members.first(where: { $0.revisionClass == .production }) else { continue }
      let name = HTMLEntities.decodedOnce(production.image)
      sentences.append(
        "The image “\(name)” goes as a whole, with \(DemoText.count(members.count, "revision")): nobody has reserved"
          + " any of it since \(production.lastUse.day?.description ?? "it was made").")
      if !tales.contains(where: \.wholeImage) {
        tales.append(Tale(revisionID: production.revisionID, heading: "Gone as a whole", wholeImage: true))
      }
    }
    return sentences
  }
}
