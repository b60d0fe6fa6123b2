import Assets
import MariaDB
import Retention

/// One thing that was looked at, and what was found.
package struct Check: Sendable, Equatable {
  /// Lower snake case; the same in every version.
  package let name: String
  package let isOK: Bool
  /// One sentence; of a fault also what to do.
  package let message: String

  package init(_ name: String, _ isOK: Bool, _ message: String) {
    self.name = name
    self.isOK = isOK
    self.message = message
  }
}

/// Looks whether the triggers do what they should, with the rights of the nightly run.
package struct TriggerCheck {
  private let connection: Connection

  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// The triggers themselves.
  package func triggers() throws -> [Check] {
    guard try Triggers.areWanted(connection) else { return [try dispensed()] }
    var missing: [String] = []
    var altered: [String] = []
    var definers: [String: Bool?] = [:]
    for trigger in Triggers.triggers {
      switch try describe(trigger.name) {
      case .stored(let stored):
        if !stored.matches(trigger) { altered.append(trigger.name) }
        definers[stored.definer] = .some(stored.definerExists)
      case .unseen: missing.append(trigger.name)
      case .withoutDefiner(let error):
        return [
          Check(
            "trigger_definer", false,
            "the account that made the procedure expireimage_describe_trigger is gone (\(error.message)), so that the"
              + " triggers cannot be looked at; if it made them, too, every reservation fails; \(Self.remedy) as an account"
              + " that stays, then sql/grants.sql")
        ]
      }
    }
    return [present(missing), unchanged(altered), definer(definers), try statements(missing)]
  }

  /// Whether the triggers' tables agree with the dates and the parameters.
  ///
  /// - Parameter ignored: nil where the parameters cannot be read.
  package func tables(ignored: Set<Account>?) throws -> [Check] {
    let found = try ExpiringRevisions(connection).differences()
    var message = "the triggers know every revision with an expire date"
    if !found.lost.isEmpty {
      message =
        "the triggers do not know the expire dates of \(listed(found.lost)); somebody has changed"
        + " expireimage_expiring, the next run puts it right"
    } else if !found.foreign.isEmpty {
      message =
        "a date that somebody else has set (\(listed(found.foreign))) is known to them after the next run"
    } else if !found.leftOver.isEmpty {
      message +=
        "; \(listed(found.leftOver)) without a date, most likely reserved since the last run, left over until the next"
    }
    var checks = [Check("expiring_revisions", found.lost.isEmpty, message)]
    if let ignored {
      let (missing, leftOver) = try IgnoredAccounts.differences(connection, ignored)
      checks.append(
        Check(
          "ignored_accounts", true,
          missing.isEmpty && leftOver.isEmpty
            ? "the triggers know the accounts whose reservations are no use"
            : "accounts have come or gone whose reservations are no use; the triggers know after the next run"
        ))
    }
    return checks
  }

  // MARK: - Single checks

  private static let remedy = "run `expireimage migrate up`"

  private func dispensed() throws -> Check {
    let present = try Triggers.names.filter { try Triggers.exists(connection, $0) }
    guard present.isEmpty else {
      return Check(
        "triggers", false,
        "the site does without triggers, and \(present.joined(separator: ", ")) is there;"
          + " \(Self.remedy), with or without --no-triggers")
    }
    return Check(
      "triggers", true,
      "the site does without triggers: the nightly run clears the dates of revisions that were reserved")
  }

  private func present(_ missing: [String]) -> Check {
    missing.isEmpty
      ? Check("triggers", true, "\(Triggers.names.count) triggers are there")
      : Check(
        "triggers", false,
        "\(missing.joined(separator: ", ")) is missing, or not to be seen by this account;"
          + " \(Self.remedy), then sql/grants.sql; until then the nightly run clears the dates")
  }

  private func unchanged(_ altered: [String]) -> Check {
    altered.isEmpty
      ? Check("triggers_unchanged", true, "those that are there are as this program makes them")
      : Check(
        "triggers_unchanged", false,
        "\(altered.joined(separator: ", ")) is not as this program makes it; \(Self.remedy), which replaces it"
      )
  }

  private func definer(_ definers: [String: Bool?]) -> Check {
    let name = "trigger_definer"
    if let gone = definers.first(where: { $0.value == false })?.key {
      return Check(
        name, false,
        "the triggers run as \(gone), which does not exist, so that every reservation fails; \(Self.remedy)"
          + " with an account that stays")
    }
    if let unknown = definers.first(where: { $0.value == nil })?.key {
      return Check(
        name, true,
        "the triggers run as \(unknown); whether that account exists cannot be known with the rights of this one"
      )
    }
    guard let account = definers.keys.min() else { return Check(name, true, "no trigger runs as anybody") }
    return Check(name, true, "the triggers run as \(account), which exists and has to stay")
  }

  /// What the triggers do, done for no row.
  private func statements(_ missing: [String]) throws -> Check {
    let name = "trigger_statements"
    do {
      try connection.execute(Assets.Queries.probeTriggers)
      if let problem = try connection.first(Assets.Queries.probedTriggers, [], { $0.optionalString(0) })
        ?? nil
      {
        return Check(
          name, false,
          "the triggers clear nothing: \(problem); \(Self.remedy); until then the nightly run clears the dates"
        )
      }
      return Check(name, true, "what the triggers do succeeds")
    } catch let error as MariaDBError where error.code == Self.definerIsGone {
      return Check(
        name, false,
        "the account that made the procedure expireimage_probe_triggers is gone (\(error.message)), so that it is not"
          + " known whether the triggers succeed; \(Self.remedy) as an account that stays, then sql/grants.sql"
      )
    } catch let error as MariaDBError where Self.isUncallable(error) {
      return Check(
        name, true, "whether the triggers succeed cannot be known with the rights of this account")
    }
  }

  // MARK: - What is stored

  private enum Found {
    case stored(Triggers.Stored)
    case unseen
    case withoutDefiner(MariaDBError)
  }

  private func describe(_ name: String) throws -> Found {
    if let visible = try Triggers.visible(connection, name) { return .stored(visible) }
    do {
      try connection.execute(Assets.Queries.describeTrigger, [Value(name)])
    } catch {
      if error.code == Self.definerIsGone { return .withoutDefiner(error) }
      if Self.isUncallable(error) { return .unseen }
      throw error
    }
    let stored = try connection.first(Assets.Queries.describedTrigger) { row -> Triggers.Stored? in
      guard let subject = row.optionalString(0), let body = row.optionalString(1),
        let definer = row.optionalString(3)
      else { return nil }
      return Triggers.Stored(
        subject: subject, body: body, sqlMode: row.optionalString(2) ?? "", definer: definer,
        definerExists: row.optionalInt(4).map { $0 > 0 })
    }
    return (stored ?? nil).map { .stored($0) } ?? .unseen
  }

  /// The server's error for what runs as an account that is gone.
  private static let definerIsGone: UInt32 = 1449

  /// The procedure does not exist, or this account may not call it.
  private static func isUncallable(_ error: MariaDBError) -> Bool {
    [.denied, .missingRoutine].contains(error.kind)
  }

  private func listed(_ revisions: [Int]) -> String {
    let shown = revisions.prefix(5).map(String.init).joined(separator: ", ")
    let more = revisions.count > 5 ? " and \(revisions.count - 5) more" : ""
    return "revision\(revisions.count == 1 ? "" : "s") \(shown)\(more)"
  }
}
