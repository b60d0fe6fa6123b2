import Campus
import Mail
import Retention

/// What the demonstration has shown, for somebody who sees the program for the first time.
struct DemoSummary {
  let nights: [DemoNight]
  let chronicle: DemoChronicle
  /// What the next run would do.
  let plan: Plan
  let campus: DemoCampus
  /// The campus after the last night.
  let size: DemoCampus.Size
  let folder: DemoFolder
  let seconds: Int64

  static func introduction(_ size: DemoCampus.Size, firstNight: Day) -> String {
    DemoText.wrapped(
      "The campus has \(size.images) images with \(size.liveRevisions) live revisions, which belong to"
        + " \(size.owners) owners at \(size.institutions) institutions, and \(size.reservations) reservations since"
        + " \(size.since). The program runs every night from \(firstNight) on: first only to report, then to notify,"
        + " then to flag. Lines with * are what people did the day before, lines with > what the program did."
    )
  }

  var text: String {
    [
      heading("What happened in \(nights.count) nights"), numbers, "",
      heading("The stories of \(Self.words[chronicle.tales.count] ?? "some") revisions"), tales, "",
      heading("Never touched, and why"), untouched,
    ].joined(separator: "\n")
  }

  private static let words = [4: "four", 5: "five", 6: "six", 7: "seven"]

  private func heading(_ text: String) -> String {
    text + "\n" + String(repeating: "-", count: text.count)
  }

  // MARK: - Numbers

  private var numbers: String {
    let marked = Set(decisions(.mark).map(\.revisionID))
    let again = total("marked") > marked.count ? ", \(total("marked") - marked.count) of them again" : ""
    let flagged = Set(decisions(.flag).map(\.revisionID))
    let undeleted = decisions(.unmark).count { $0.reasons.contains(.undeleted) }
    let received = nights.map(\.deliveredCount).reduce(0, +)
    let refused = nights.flatMap(\.refused).count
    let modes = [Policy.Mode.report, .notify, .flag].map { mode in
      "\(nights.count { $0.report.mode == mode }) in mode \(mode.rawValue)"
    }
    let next = plan.decisions.count { $0.newExpireDate != nil && $0.kind != .flag }
    let rows = [
      ("Nights", "\(nights[0].day) to \(nights[nights.count - 1].day): \(modes.joined(separator: ", "))"),
      ("Marked", "\(DateWords.count(marked.count, "revision")) got an expire date\(again)"),
      (
        "Changed",
        "\(DateWords.count(total("moved"), "date")) moved, \(total("cleared")) cleared; \(undeleted) kept after an"
          + " undelete, \(total("kept") - undeleted) after its date was removed by hand"
      ),
      (
        "Flagged",
        "\(DateWords.count(flagged.count, "revision")) as deleted, each after a notice;"
          + " \(total("restored")) restored after a late reservation"
      ),
      (
        "Mails",
        "\(received) delivered over SMTP, \(refused) refused; a mail lists all revisions of one owner. Besides"
          + " \(DateWords.count(nights.flatMap(\.summaries).count, "summary", plural: "summaries")) for the admins"
      ),
      ("Left", "\(size.liveRevisions) live revisions, \(next) of them with a date"),
    ]
    return rows.map { DemoText.wrapped($0.1, first: "  " + $0.0.padded(to: 16)) }.joined(separator: "\n")
  }

  /// The sum of a column of the nights.
  private func total(_ word: String) -> Int {
    nights.flatMap(\.counts).filter { $0.word == word }.map(\.count).reduce(0, +)
  }

  private func decisions(_ kind: Decision.Kind) -> [Decision] {
    nights.flatMap(\.report.decisions).filter { $0.kind == kind }
  }

  // MARK: - Revisions

  private var tales: String {
    chronicle.tales.map { tale in
      let title = chronicle.titles[tale.revisionID] ?? "revision \(tale.revisionID)"
      let events = chronicle.history[tale.revisionID] ?? []
      let owner = owner(of: tale.revisionID).map { ", of \($0)" } ?? ""
      let way = events.map { "\($0.day) \($0.what)" }.joined(separator: "; ")
      return "  \(tale.heading): \(title)\(owner)\n" + DemoText.wrapped(way + ".", first: "    ")
    }.joined(separator: "\n")
  }

  private func owner(of revision: Int) -> String? {
    nights.lazy.compactMap { night in
      night.report.plan?.decisions.first { $0.revisionID == revision }?.owner?.account.description
    }.first
  }

  /// The odd cases that were left alone, with the reason that the last plan gives.
  private var untouched: String {
    let last = Dictionary(plan.decisions.map { ($0.revisionID, $0) }, uniquingKeysWith: { first, _ in first })
    let lines = campus.oddCases.compactMap { odd -> String? in
      guard let revision = odd.revisionID ?? chronicle.productions[odd.imageID],
        !chronicle.touched.contains(revision)
      else { return nil }
      let reasons = last[revision]?.reasons ?? []
      let why =
        reasons.first.map { "\($0.sentence) [\(reasons.map(\.rawValue).joined(separator: " "))]" }
        ?? "It is deleted already: nothing to decide."
      return DemoText.wrapped(why, first: "  " + odd.name.padded(to: 36))
    }
    return lines.joined(separator: "\n") + "\n"
      + DemoText.wrapped("`expireimage plan --all` gives such reasons for every revision.", first: "  ")
  }
}

// MARK: - Where to look

extension DemoSummary {
  private var paths: [String] {
    [
      heading("Look at"), "  the mails, night by night   \(folder.index)",
      "  the same as they were sent  \(folder.mails)/*.eml",
    ]
  }

  /// For a demonstration whose server goes.
  func stopped(_ program: String) -> String {
    (paths + [
      "",
      DemoText.wrapped(
        "Done in \(seconds) s. The database server is stopped and removed; the mails stay. To run plan against the"
          + " same database, and to look into it, call:", first: "  "), "",
      "    \(program) demo --keep-running",
    ]).joined(separator: "\n")
  }

  /// For a demonstration whose server stays.
  func running(_ server: PrivateServer, program: String) -> String {
    let variables = DemoSite.databaseVariables(server).map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    let process = server.processIdentifier.map(String.init) ?? "?"
    return
      (paths + [
        "  the database                \(server.socket), user root, database vcl",
        "",
        heading("Go on"),
        "  What the next run would do:",
        "    \(variables) \\",
        "      \(program) plan",
        "  The same with other parameters, or on another day:",
        "    \(variables) \\",
        "      \(program) plan --set expireimage_idle_days_older=90 --today \(plan.today + 14)",
        "  Look into the database:",
        "    mariadb --socket=\(server.socket) --user=root vcl",
        "  Stop the server (process \(process)) and remove its files:",
        "    kill \(process) && sleep 2 && rm -r \(server.directory)",
        "",
        "Done in \(seconds) s.",
      ]).joined(separator: "\n")
  }
}
