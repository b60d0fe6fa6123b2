import Mail
import MariaDB
import Retention
import VCLDatabase

/// For how long a person wants a revision kept.
package enum KeepTerm: Sendable, Equatable {
  /// The longest that an owner may (`expireimage_keep_max_days`).
  case longest
  case days(Int)
  /// It ends on that day.
  case until(Day)
  case forever
}

/// Keeps revisions for a person, and ends keeps. A keep is apart from the date: the next run clears that, and tells the
/// owner.
package struct KeepOperation {
  let site: Site
  let options: CallOptions

  package init(_ site: Site, _ options: CallOptions = CallOptions()) {
    self.site = site
    self.options = options
  }

  /// Keeps all of the revisions, or none.
  ///
  /// - Parameters:
  ///   - names: ids or `imagename`s.
  ///   - user: `unityid@Affiliation`, an owner who may keep only what is theirs, and not for longer than the site lets
  ///     them; nil: the admin who calls.
  /// - Returns: what was done, one line each.
  package func keep(
    _ names: [String], _ term: KeepTerm = .longest, reason: String = "", as user: String? = nil
  ) throws -> [String] {
    let reason = PlainLine.of(reason)
    guard reason.count <= 255 else {
      throw Failure("the reason has \(reason.count) characters; 255 are the most", .failed)
    }
    let connection = try site.connectReady()
    let clock = try Clock.read(connection, today: options.today)
    let policies = try Preparation.policies(connection, options, today: clock.today)
    let owner = try user.map { try NamedUser.find($0, connection) }
    var revisions = try NamedRevisions(connection, names)
    let terms = KeepTerms(term, owner: owner, policies: policies, today: clock.today)
    if let problem = terms.problem { revisions.note(problem) }
    try revisions.check { revision in
      guard !revision.isDeleted else { return "\(try TargetError.deleted(connection, revision.id))" }
      return terms.problem(revision)
    }
    try revisions.requireAll()

    let actor = owner?.account.description ?? ProcessIdentity.account
    let items = try revisions.found.map { revision in
      let until = terms.end(revision)
      let facts = KeepFacts(owner: revision.owner, until: until, reason: reason)
      return Keeps.Item(revision: revision, until: until, facts: try facts.json)
    }
    let keeps = Keeps(connection, clock: clock, by: actor)
    try Self.write { try keeps.set(items, reason: reason, replacesOwnOnly: owner != nil) }
    let inForce = try Dictionary(
      grouping: Keeps.list(connection, today: clock.today, includingEnded: false), by: \.revisionID)
    return items.flatMap { item in
      let longer = inForce[item.revision.id]?.longest.flatMap { $0.outlasts(item.until) ? $0 : nil }
      let beside = longer.map { "; \(PlainLine.of($0.setBy)) keeps it \($0.term) as it is" } ?? ""
      let title = item.revision.title
      let kept = item.until.map { "\(title) is kept until \($0)" } ?? "\(title) is kept for good"
      return [kept + beside]
        + (Self.fate(of: item.revision.expireDate, policies.site.mode).map { [$0] } ?? [])
    }
  }

  /// Ends every keep of all the revisions, or of none.
  ///
  /// - Returns: what was done, one line each.
  package func unkeep(_ names: [String]) throws -> [String] {
    let connection = try site.connectReady()
    let clock = try Clock.read(connection, today: options.today)
    var revisions = try NamedRevisions(connection, names)
    let kept = try Dictionary(
      grouping: Keeps.list(connection, today: clock.today, includingEnded: false), by: \.revisionID)
    revisions.check { kept[$0.id] == nil ? "\(TargetError.notKept($0.id))" : nil }
    try revisions.requireAll()

    let items = try revisions.found.map { revision in
      let facts = KeepFacts(owner: revision.owner, ended: kept[revision.id] ?? [])
      return Keeps.Item(revision: revision, until: clock.today, facts: try facts.json)
    }
    let keeps = Keeps(connection, clock: clock, by: ProcessIdentity.account)
    try Self.write { try keeps.end(items) }
    return revisions.found.map { revision in
      let ended = (kept[revision.id] ?? []).map { "\($0.term), set by \(PlainLine.of($0.setBy))" }
      return "\(revision.title) is not kept any more (\(ended.joined(separator: "; ")))"
    }
  }

  /// What becomes of the date of a revision that is kept from now on.
  private static func fate(of date: Day?, _ mode: Policy.Mode) -> String? {
    guard let date else { return nil }
    return switch mode {
    case .off, .report: "its expire date \(date) stays, and nothing acts on it in mode \(mode.rawValue)"
    case .notify, .flag: "its expire date \(date) goes with the next run, which tells the owner"
    }
  }

  private static func write(_ body: () throws -> Void) throws {
    var locked: TargetError?
    let isDone = try LockedRow.retry { () -> Bool? in
      do {
        try body()
        return true
      } catch let error as TargetError {
        guard case .changed = error else { throw error }
        locked = error
        return nil
      }
    }
    if isDone == nil, let locked { throw locked }
  }
}

extension KeepRecord {
  /// For a person: `until 2026-06-01`, `for good`.
  var term: String { until.map { "until \($0)" } ?? "for good" }

  /// - Parameter other: the day on which another keep ends; nil: never.
  func outlasts(_ other: Day?) -> Bool {
    guard let other else { return false }
    return until.map { $0 > other } ?? true
  }
}

extension [KeepRecord] {
  /// The one that ends last; nil: there is none.
  var longest: KeepRecord? { self.max { $1.outlasts($0.until) } }
}
