import Campus
import Mail
import Retention

/// What people do on the demonstration's campus while the nights pass.
///
/// Which revision something happens to is read from the program's own plans, so that every event means something.
final class DemoEvents {
  let site: DemoSite
  let chronicle: DemoChronicle
  /// The owner whose mailbox is gone for a while.
  private var unreachable: (owner: Owner, address: String, revision: Decision)?
  private var hasReservedLate = false
  private var hasUndeleted = false

  private var campus: DemoCampus { site.campus }
  private var reservations: DemoReservations { DemoReservations(campus: campus) }

  init(_ site: DemoSite, _ chronicle: DemoChronicle) {
    self.site = site
    self.chronicle = chronicle
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
    chronicle.tell(campus.rescuedRevision, "Kept by a reservation")
    chronicle.tell(campus.resetRevision, "Kept for a while by hand")
  }

  /// The day before a night: everyday reservations, and now and then something special.
  ///
  /// - Returns: what is worth a sentence.
  func happen(before number: Int) throws -> [String] {
    let day = site.day(ofNight: number) - 1
    try reservations.everyDay(day, number)
    switch number {
    case DemoTimetable.notifyMode: return try goNotify(day)
    case DemoTimetable.rescue: return try rescue(day)
    case DemoTimetable.moreTime: return try giveMoreTime()
    case DemoTimetable.flagMode: return try goFlag()
    case DemoTimetable.pastDate: return try setPastDate(day)
    case DemoTimetable.removedDate: return try removeDate(day)
    case DemoTimetable.monitoring: return try monitorReserves(day)
    case DemoTimetable.mistakenDate: return try setDateOnUsed(day)
    case DemoTimetable.newAddress: return try repairMailbox(day)
    default: return try afterFlags(day)
    }
  }
}

// MARK: - The days

extension DemoEvents {
  private func goNotify(_ day: Day) throws -> [String] {
    try site.set("expireimage_mode", "notify")
    try chooseUnreachable(day)
    return [
      "The admin has read the plan and sets expireimage_mode to notify: dates and mails, but no flags yet."
    ]
  }

  /// The reachable owner with the fewest revisions in the plan, two at least, and none that a tale is about.
  private func chooseUnreachable(_ day: Day) throws {
    let marks = (chronicle.lastPlan?.decisions ?? []).filter { $0.kind == .mark && !$0.wholeImage }
    let told = Set(
      marks.filter { chronicle.isTold($0.revisionID) }.map(\.owner))
    let byOwner = Dictionary(grouping: marks) { $0.owner }.filter {
      $0.value.count > 1 && !told.contains($0.key)
    }
    for (owner, decisions) in byOwner.sorted(by: {
      ($0.value.count, $0.key?.id ?? 0) < ($1.value.count, $1.key?.id ?? 0)
    }) {
      guard let owner, let address = try soleAddress(owner) else { continue }
      unreachable = (owner, address, decisions[0])
      site.sink.refuse(address)
      chronicle.tell(decisions[0].revisionID, "Not flagged without notice")
      chronicle.note(
        decisions[0].revisionID, day, "belongs to \(owner.account), whose mailbox \(address) is gone")
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
    try reservations.add(revision, by: owner.account.userName, day, 14, 20)
    chronicle.note(revision, day, "is reserved by \(owner.account)")
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
    chronicle.note(revision, day, "is given a date long past by hand")
    return [
      "Somebody wants to be rid of \(DemoWording.title(decision)) and gives it a date long past by hand."
    ]
  }

  private func removeDate(_ day: Day) throws -> [String] {
    guard let decision = dated(campus.resetRevision) else { return [] }
    try campus.builder.setExpireDate(decision.revisionID, nil)
    chronicle.note(decision.revisionID, day, "has its date set to NULL by hand")
    return ["Somebody sets the date of \(DemoWording.title(decision)) to NULL in the database."]
  }

  private func monitorReserves(_ day: Day) throws -> [String] {
    guard let decision = chronicle.lastPlan?.decisions.last(where: isOrdinary) else { return [] }
    try reservations.add(decision.revisionID, by: "vclmonitor", day, 4)
    return [
      "The monitoring account reserves \(DemoWording.title(decision)). It is on expireimage_ignore_users, so that is"
        + " no use and the date stays."
    ]
  }

  private func setDateOnUsed(_ day: Day) throws -> [String] {
    let popular = Set(campus.popularRevisions)
    guard let decision = chronicle.lastPlan?.decisions.first(where: { popular.contains($0.revisionID) })
    else {
      return []
    }
    try campus.builder.setExpireDate(decision.revisionID, (day + 10).description)
    chronicle.note(decision.revisionID, day, "is given the date \(day + 10) by hand")
    return [
      "By mistake an admin gives \(DemoWording.title(decision)), which is reserved every week, the date \(day + 10)."
    ]
  }

  private func repairMailbox(_ day: Day) throws -> [String] {
    guard let (owner, old, revision) = unreachable else { return [] }
    let address = "\(owner.account.userName)@mail.example.edu"
    try campus.setEmail(of: owner.id, address)
    chronicle.note(revision.revisionID, day, "can be announced: its owner has the address \(address) now")
    return ["The admin finds the new address of \(owner.account) and replaces \(old) by \(address)."]
  }

  /// What happens on the day after the first revisions were flagged, and after the next ones.
  private func afterFlags(_ day: Day) throws -> [String] {
    let candidates = try chronicle.flaggedLastNight.filter { decision in
      try !isOdd(decision)
        && decision.owner.map { try soleAddress($0) != nil && $0 != unreachable?.owner } ?? false
    }
    guard let decision = candidates.first, let owner = decision.owner else { return [] }
    if !hasReservedLate {
      hasReservedLate = true
      chronicle.tell(decision.revisionID, "Restored")
      try reservations.add(decision.revisionID, by: owner.account.userName, day, 10, 5)
      chronicle.note(
        decision.revisionID, day, "is reserved by \(owner.account) on a page that was still open")
      return [
        "\(owner.account) reserves \(DemoWording.title(decision)) on a page that was opened before last night's flag."
      ]
    }
    guard !hasUndeleted else { return [] }
    hasUndeleted = true
    chronicle.tell(decision.revisionID, "Undeleted by hand")
    try campus.undelete(decision.revisionID)
    chronicle.note(decision.revisionID, day, "is undeleted by hand at its owner's wish")
    return [
      "\(owner.account) misses \(DemoWording.title(decision)), flagged last night; the admin undeletes it by hand."
    ]
  }

  /// The last decision on a revision, if it has a date.
  private func dated(_ revision: Int) -> Decision? {
    chronicle.lastPlan?.decisions.first { $0.revisionID == revision && $0.newExpireDate != nil }
  }

  private func isOdd(_ decision: Decision) -> Bool {
    campus.oddCases.contains { $0.imageID == decision.imageID }
  }

  /// Marked, and nothing else is told of it.
  private func isOrdinary(_ decision: Decision) -> Bool {
    decision.newExpireDate != nil && !decision.wholeImage && decision.owner != unreachable?.owner
      && decision.reasons.contains(.marked) && !isOdd(decision)
      && !chronicle.isTold(decision.revisionID)
  }
}
