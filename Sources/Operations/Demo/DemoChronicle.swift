import Retention

/// What is known of each revision of the demonstration: from the plans, and from what people did.
final class DemoChronicle {
  /// A revision whose story the summary tells.
  struct Tale {
    let revisionID: Int
    let heading: String
  }

  /// What happened to each revision, in order of time.
  private(set) var history: [Int: [(day: Day, what: String)]] = [:]
  /// How each revision that a plan has seen is called.
  private(set) var titles: [Int: String] = [:]
  /// Revisions that the program has ever given a date, or taken something from.
  private(set) var touched: Set<Int> = []
  private(set) var tales: [Tale] = []
  /// The production revision of each image that a plan has seen.
  private(set) var productions: [Int: Int] = [:]
  private(set) var lastPlan: Plan?
  /// Single revisions, without those that went with their whole image.
  private(set) var flaggedLastNight: [Decision] = []

  /// Lets the summary tell a revision's story.
  func tell(_ revision: Int, _ heading: String) {
    tales.append(Tale(revisionID: revision, heading: heading))
  }

  func isTold(_ revision: Int) -> Bool {
    tales.contains { $0.revisionID == revision }
  }

  func note(_ revision: Int, _ day: Day, _ what: String) {
    history[revision, default: []].append((day, what))
  }

  /// Notes a night.
  ///
  /// - Returns: the decisions that something may be said of; none in mode report, which changes nothing.
  func note(_ report: RunReport) -> [Decision] {
    lastPlan = report.plan
    flaggedLastNight = report.decisions.filter { $0.kind == .flag && !$0.wholeImage }
    let planned = report.plan?.decisions ?? []
    for decision in planned {
      titles[decision.revisionID] = DemoWording.title(decision)
      if decision.revisionClass == .production { productions[decision.imageID] = decision.revisionID }
    }
    guard report.mode != .report else { return [] }
    let notable = report.decisions + planned.filter { $0.kind == .keep && DemoWording.event($0) != nil }
    for decision in notable {
      touched.insert(decision.revisionID)
      if let event = DemoWording.event(decision) { note(decision.revisionID, report.today, event) }
    }
    return notable
  }
}
