import Mail
import Retention
import VCLDatabase

/// An explanation as a document for a person.
struct ExplainText {
  let explanation: Explanation
  let screen: Screen

  private var revision: NamedRevision { explanation.revision }
  private var history: RevisionHistory { explanation.history }

  var text: String {
    var lines = [
      "R" + revision.title.dropFirst() + ", on \(explanation.today) in mode \(explanation.mode.rawValue)", "",
    ]
    lines += facts.map { "\($0.0.padded(to: 10))  \(PlainLine.of($0.1))" }
    lines += section("Holds", explanation.decision?.holds.map { "\($0.holder): \($0.reason.sentence)" } ?? [])
    if let judgement = explanation.judgement {
      lines += section(
        "Criteria", CriteriaLines(explanation: explanation, judgement: judgement).lines)
    }
    lines += section("Decision of the next run", decision)
    lines += section("What would change it", Outlook(explanation: explanation).sentences)
    lines += table(
      "Dates and flags", ["When", "What", "From", "To", "Who", "Reasons"], history.events.map(Self.event))
    lines += table(
      "Notices", ["Mail", "Queued", "What", "Date", "To", "Status", "Accepted", "Reply"],
      history.notices.map(Self.notice))
    lines += table("Keeps", KeepRecord.columnNames, history.keeps.map { $0.columns(explanation.today) })
    return lines.joined(separator: "\n")
  }

  private var facts: [(String, String)] {
    var facts = [
      (
        "Image",
        "\(HTMLEntities.decodedOnce(revision.image)) (\(revision.imageName), image \(revision.imageID))"
      ),
      ("File name", revision.fileName),
    ]
    if let judgement = explanation.judgement {
      facts.append(("Class", judgement.age.revisionClass.words))
    }
    facts.append(("Owner", revision.owner?.account.description ?? "nobody"))
    facts.append(("Created", revision.createdOn.map { "\($0)" } ?? "on a day that is not known"))
    facts.append(("Last use", lastUse))
    facts.append(("Expires", revision.expireDate.map { "on \($0)" } ?? "no date"))
    if let deleted { facts.append(("Deleted", deleted)) }
    return facts
  }

  private var lastUse: String {
    let used =
      switch explanation.lastUse {
      case .never: "never reserved"
      case .undated: "on a day that is not known"
      case .at(let moment): "\(moment)"
      }
    guard let reservation = history.newestReservation else { return used }
    let user = reservation.user.map { " by \($0)" } ?? ""
    let start = reservation.start.map { " from \($0)" } ?? ""
    return "\(used); newest reservation: log \(reservation.logID)\(user)\(start)"
  }

  private var deleted: String? {
    guard let flag = history.flag, flag.isDeleted || flag.isImageDeleted else { return nil }
    guard flag.isDeleted else { return "its image is, the revision is not" }
    let when = flag.dateDeleted.map { "at \($0)" } ?? "without a time"
    guard flag.isOurs else { return "\(when), not by this program" }
    return
      "\(when)\(flag.flaggedByRun.map { " by run \($0)" } ?? "")\(flag.wholeImage ? ", with its whole image" : "")"
  }

  private var decision: [String] {
    guard explanation.distrust == nil else { return ["none: the usage data is not trusted"] }
    guard let decision = explanation.decision else { return ["none: only what is not deleted is judged"] }
    let outcome =
      switch decision.kind {
      case .keep:
        decision.newExpireDate.map { "keep: its date \($0) stays" } ?? "keep: it has no date and gets none"
      case .mark: "mark: it gets the date \(decision.newExpireDate.map { "\($0)" } ?? "")"
      case .redate: "redate: its date moves to \(decision.newExpireDate.map { "\($0)" } ?? "")"
      case .unmark where decision.isRestore: "unmark: the flag is taken back"
      case .unmark: "unmark: its date goes"
      case .flag: "flag: it is flagged as deleted"
      }
    let isWritten = [.notify, .flag].contains(explanation.mode)
    let all = decision.wholeImage ? ["together with its whole image"] : []
    return [outcome] + all
      + (isWritten ? [] : ["nothing of it is written in mode \(explanation.mode.rawValue)"])
      + decision.reasons.map { "\($0.rawValue): \($0.sentence)" }
  }

  private static func event(_ event: EventRecord) -> [String] {
    [
      event.happened.map { "\($0)" } ?? "", event.kind, event.oldDate.map { "\($0)" } ?? "",
      event.newDate.map { "\($0)" } ?? "", event.actor + (event.runID.map { " \($0)" } ?? ""),
      event.reasons.joined(separator: " ") + (KeepFacts(event).map { " \($0.words)" } ?? ""),
    ]
  }

  private static func notice(_ notice: NoticeRecord) -> [String] {
    [
      String(notice.mailID), notice.queuedAt.map { "\($0.day)" } ?? "", notice.change,
      notice.expireDate.map { "\($0)" } ?? "",
      (notice.recipient == "owner" ? "" : "\(notice.recipient): ") + notice.addresses.joined(separator: ", "),
      notice.status, notice.acceptedOn.map { "\($0)" } ?? "", notice.reply ?? "",
    ]
  }

  private func section(_ heading: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["", heading] + lines.map { "  " + PlainLine.of($0) }
  }

  private func table(_ heading: String, _ header: [String], _ rows: [[String]]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let table = TextTable(header: header, rows: rows).text(on: screen.indented(by: 2))
    return ["", heading] + table.split(separator: "\n").map { "  " + $0 }
  }
}
