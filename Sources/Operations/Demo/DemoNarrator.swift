import Mail
import Retention

/// What is worth a sentence of what the program did in a night; of some things only the first time.
final class DemoNarrator {
  let site: DemoSite
  let chronicle: DemoChronicle
  private var hasToldOfAdmins = false
  private var hasToldOfFlags = false
  private var hasToldOfRefusal = false
  private var hasToldOfWholeImage = false

  init(_ site: DemoSite, _ chronicle: DemoChronicle) {
    self.site = site
    self.chronicle = chronicle
  }

  /// - Returns: the sentences on a night that is over.
  func sentences(_ report: RunReport, number: Int) throws -> [String] {
    let notable = chronicle.note(report)
    guard report.mode != .report else { return number == 1 ? [reportSentence(report)] : [] }
    return marksSentences(report) + (try mailSentences(report)) + eventSentences(notable)
      + (try flagSentences(report))
  }

  private func reportSentence(_ report: RunReport) -> String {
    let marks = report.plan?.countsByKind[.mark] ?? 0
    return
      "In mode report no date is set and no mail is sent. The plan: of \(report.plan?.judged ?? 0) revisions that can"
      + " be judged, \(marks) would get an expire date."
  }

  /// How the dates of a night with many marks are spread.
  private func marksSentences(_ report: RunReport) -> [String] {
    let dates = report.decisions.filter { $0.kind == .mark }.compactMap(\.newExpireDate)
    guard dates.count > 10, let first = dates.min(), let last = dates.max() else { return [] }
    let limit = report.plan?.limit.map { ", at most \($0) on a day, as one run may flag no more" } ?? ""
    return [
      "\(dates.count) revisions get a date from \(first) to \(last)\(limit). Their owners are told at once."
    ]
  }

  private func mailSentences(_ report: RunReport) throws -> [String] {
    var sentences: [String] = []
    let refused = report.mails.filter { $0.status == "failed" }
    if !hasToldOfRefusal, let mail = refused.first {
      hasToldOfRefusal = true
      sentences.append(
        "The mail to \(mail.recipients.joined(separator: ", ")) is refused (\(mail.reply ?? "")): the admins get it,"
          + " and nothing in it is flagged until its owner has been told.")
    }
    let owners = Set(
      try report.decisions.filter { $0.kind == .mark }.compactMap(\.owner).filter {
        MailAddress.list(from: try site.campus.email(of: $0.id)).usable.isEmpty
      }.map(\.account.description))
    if !hasToldOfAdmins, !owners.isEmpty {
      hasToldOfAdmins = true
      sentences.append(
        "\(DemoText.list(owners.sorted())) \(owners.count == 1 ? "has" : "have") no usable address, so the admins get their notices, and these count."
      )
    }
    return sentences
  }

  /// What answers something that people did; what happens to many at once is one sentence.
  private func eventSentences(_ decisions: [Decision]) -> [String] {
    let told = decisions.filter { decision in
      switch decision.kind {
      case .mark: false
      case .flag: chronicle.isTold(decision.revisionID)
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

  private func flagSentences(_ report: RunReport) throws -> [String] {
    let flags = report.decisions.filter { $0.kind == .flag }
    guard !flags.isEmpty else { return [] }
    var sentences: [String] = []
    if !hasToldOfFlags {
      hasToldOfFlags = true
      let policies = try site.policies(report.today)
      let days = flags.map { policies.policy(affiliation: $0.owner?.account.affiliation).minimumNoticeDays }
      sentences.append(
        "\(flags.count == 1 ? "The first revision is" : "The first \(flags.count) revisions are") flagged as deleted,"
          + " at least \(DateWords.count(days.min() ?? 0, "day")) after a notice that the owner's mail server has"
          + " accepted.")
    }
    let wholeImages = Dictionary(grouping: flags.filter(\.wholeImage), by: \.imageID)
    for (_, members) in wholeImages.sorted(by: { $0.key < $1.key }) {
      guard let production = members.first(where: { $0.revisionClass == .production }) else { continue }
      let name = HTMLEntities.decodedOnce(production.image)
      sentences.append(
        "The image “\(name)” goes as a whole, with \(DateWords.count(members.count, "revision")): nobody has reserved"
          + " any of it since \(production.lastUse.day?.description ?? "it was made").")
      if !hasToldOfWholeImage {
        hasToldOfWholeImage = true
        chronicle.tell(production.revisionID, "A whole image")
      }
    }
    return sentences
  }
}
