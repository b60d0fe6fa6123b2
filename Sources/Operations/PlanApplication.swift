import Foundation
import MariaDB
import Retention
import VCLDatabase

/// Writes the changes of a plan owner by owner, each with the notice it causes, and then completes the owner's mail.
struct PlanApplication {
  let connection: Connection
  let preparation: Preparation
  let changes: Changes
  let outbox: Outbox
  let composer: DigestComposer
  /// Whether flags may still be set: an admin who sets the mode lower stops a run that is at work.
  let mayFlag: () throws -> Bool
  let progress: Progress

  /// What came of a plan.
  struct Result {
    /// Decisions that were written.
    var done: [Decision] = []
    /// Revisions that had changed meanwhile; the next run decides them anew.
    var changed: [Int] = []
    /// Revisions whose rows stayed locked by VCL.
    var locked: [Int] = []
    /// Revisions that were not flagged because the parameters were changed while the run was at work.
    var policyChanged: [Int] = []
    /// Revisions whose change the database refused.
    var failed: [Int] = []
    /// Mails that could not be composed or stored.
    var failedMails = 0
  }

  func run() throws -> Result {
    var result = Result()
    let open = Dictionary(grouping: try OpenMails.read(connection)) { $0.ownerID ?? 0 }
    let owed = OwedDigests(
      plan: preparation.plan, facts: preparation.facts, policies: preparation.policies,
      undelivered: try OpenMails.undeliveredNews(connection)
    ).digests()
    let digests = Dictionary(owed.map { ($0.owner?.id ?? 0, $0) }, uniquingKeysWith: { first, _ in first })
    let units = Dictionary(grouping: units()) { $0[0].owner?.id ?? 0 }

    let owners = Set(digests.keys).union(units.keys).union(open.keys).sorted()
    for (index, owner) in owners.enumerated() {
      try apply(units[owner] ?? [], owed: digests[owner], replacing: open[owner] ?? [], &result)
      progress.update(index + 1, of: owners.count)
      let pause = preparation.policies.site.pauseMilliseconds
      if pause > 0 { usleep(UInt32(pause) * 1000) }
    }
    return result
  }

  /// The changes, each as the revisions that change together.
  private func units() -> [[Decision]] {
    let changing = preparation.plan.decisions.filter(\.isChange)
    var units: [[Decision]] = []
    var wholeImages: [Int: Int] = [:]
    for decision in changing {
      guard decision.wholeImage, decision.kind == .flag || decision.isRestore else {
        units.append([decision])
        continue
      }
      if let unit = wholeImages[decision.imageID] {
        units[unit].append(decision)
      } else {
        wholeImages[decision.imageID] = units.count
        units.append([decision])
      }
    }
    return units
  }

  private func apply(
    _ units: [[Decision]], owed: OwedDigest?, replacing open: [OpenMails.Mail], _ result: inout Result
  ) throws {
    var owed = owed
    // Without anybody to send it to there is no notice.
    let recipient = owed.flatMap { composer.recipient($0.owner) }
    if recipient == nil { owed = nil }
    var mail: Int?
    var written: Set<Int> = []
    for unit in units {
      let entries =
        owed?.digest.entries.filter { entry in unit.contains { $0.revisionID == entry.revisionID } } ?? []
      var begun = mail
      let outcome = try attempt(unit) {
        // The body may run again after a deadlock, which takes back a mail that it had begun.
        begun = mail
        guard let recipient, !entries.isEmpty else { return }
        let id = try begun ?? outbox.begin(ownerID: unit[0].owner?.id, recipient: recipient)
        for entry in entries { try outbox.add(entry, to: id) }
        begun = id
      }
      switch outcome {
      case .done:
        mail = begun
        written.formUnion(entries.map(\.revisionID))
        result.done += unit
        for decision in unit { progress.changed(decision) }
      case .changed, .locked, .policyChanged, .failed:
        let ids = unit.map(\.revisionID)
        let why: SkippedRow.Why
        switch outcome {
        case .changed:
          result.changed += ids
          why = .changed
        case .locked:
          result.locked += ids
          why = .locked
        case .policyChanged:
          result.policyChanged += ids
          why = .policyChanged
        default:
          result.failed += ids
          why = .failed
        }
        for decision in unit { progress.skipped(decision, why) }
        owed?.digest.entries.removeAll { ids.contains($0.revisionID) }
      }
    }
    do {
      try completeMail(mail, owed, recipient, written: written, replacing: open, &result)
    } catch let error as MariaDBError where !error.endsTheRun {
      // The next run replaces what was begun.
      progress.event(
        "the mail to the owner of \(units.first?[0].image ?? "images"): \(error)", level: .warning)
      result.failedMails += 1
    }
  }

  private func completeMail(
    _ mail: Int?, _ owed: OwedDigest?, _ recipient: Notice.Recipient?, written: Set<Int>,
    replacing open: [OpenMails.Mail], _ result: inout Result
  ) throws {
    guard let owed, let recipient, !owed.digest.entries.isEmpty else { return try outbox.withdraw(open) }
    let same = open.last {
      $0.isOutcomeUnknown && $0.recipient == recipient && $0.lists(owed.digest.entries)
    }
    let calendar = try composer.calendar(
      owed, after: CalendarRecords.read(connection, ownerID: owed.owner?.id ?? 0))
    let composed = try composer.compose(
      owed, to: recipient, messageID: same?.messageID, calendar: calendar)
    try outbox.complete(
      mail: mail, ownerID: owed.owner?.id, recipient: recipient,
      reminders: owed.digest.entries.filter { !written.contains($0.revisionID) }, replacing: open,
      calendar: calendar, composed)
  }

  private enum Outcome {
    case done
    case changed
    case locked
    case policyChanged
    case failed
  }

  /// Writes one unit; rows that VCL holds are tried again later. One that the database refuses stops no other.
  private func attempt(_ unit: [Decision], also: () throws -> Void) throws -> Outcome {
    do {
      return try LockedRow.retry {
        if unit[0].kind == .flag, try !mayFlag() { return .policyChanged }
        return switch try once(unit, also: also) {
        case .done: .done
        case .changed: .changed
        case .locked: nil
        }
      } ?? .locked
    } catch let error as MariaDBError where !error.endsTheRun {
      for decision in unit {
        progress.event(
          "revision \(decision.revisionID) of \(decision.image): \(error)", level: .warning,
          revision: decision.revisionID)
      }
      return .failed
    }
  }

  private func once(_ unit: [Decision], also: () throws -> Void) throws -> Changes.Result {
    let items: [Changes.Item] = try unit.map { ($0, try AuditFacts($0).json) }
    if unit[0].isRestore {
      let flaggedAt = Dictionary(
        preparation.facts.flagged.map { ($0.id, $0.flaggedAt) }, uniquingKeysWith: { first, _ in first })
      return try changes.restore(
        items.compactMap { item in flaggedAt[item.decision.revisionID].map { (item, $0) } }, also: also)
    }
    if unit[0].kind == .flag { return try changes.flag(items, also: also) }
    return try changes.apply(items[0], also: also)
  }
}

extension MariaDBError {
  /// Whether no other statement can be expected to do better.
  fileprivate var endsTheRun: Bool {
    [
      .unreachable, .withoutQuorum, .unencrypted, .accessDenied, .connectionLost, .denied, .missingTable,
      .missingColumn,
      .unknownDatabase,
    ]
    .contains(kind)
  }
}
