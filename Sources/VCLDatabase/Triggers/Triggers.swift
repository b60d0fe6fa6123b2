import Assets
import MariaDB

/// The triggers that clear the expire date of a revision when a person reserves it, and the procedures that tell an
/// account without the right to see triggers what became of them.
package enum Triggers {
  /// An object as this program makes it.
  struct Definition: Sendable {
    let name: String
    /// Such as `BEFORE INSERT ON sublog`.
    let subject: String
    let body: String
    let script: String
  }

  static let triggers = definitions()
  static let procedures = StoredProcedure.all(in: Assets.Triggers.all)

  /// The names of the triggers.
  package static var names: [String] { triggers.map(\.name) }

  private static func definitions() -> [Definition] {
    Assets.Triggers.all.compactMap { file -> Definition? in
      // The statement's own line, the body from its first word to its last, then the delimiter.
      guard
        let header = file.text.split(separator: "\n").first(where: {
          !$0.hasPrefix("--") && $0.contains(" TRIGGER ")
        }), let range = header.firstRange(of: " TRIGGER "),
        let start = file.text.firstRange(of: "\nBEGIN\n"), let end = file.text.firstRange(of: "\nEND//")
      else { return nil }
      let declaration = header[range.upperBound...]
      let name = declaration.prefix { $0 != " " }
      let body = file.text[start.lowerBound..<end.upperBound]
      return Definition(
        name: String(name),
        subject: String(declaration.dropFirst(name.count + 1)).replacing(" FOR EACH ROW", with: ""),
        body: String(body.dropFirst().dropLast("//".count)), script: file.text)
    }
  }

  /// What is stored of a trigger.
  struct Stored {
    let subject: String
    let body: String
    let sqlMode: String
    /// The account that it runs as, such as `root@localhost`.
    let definer: String
    /// Nil: not known.
    let definerExists: Bool?

    /// Whether it is what this program makes; white space aside.
    func matches(_ definition: Definition) -> Bool {
      subject == definition.subject && sqlMode == "STRICT_TRANS_TABLES"
        && sameWords(body, definition.body)
    }
  }

  static func sameWords(_ one: String, _ other: String) -> Bool {
    one.split(whereSeparator: \.isWhitespace) == other.split(whereSeparator: \.isWhitespace)
  }

  /// Whether the site wants triggers; false after `migrate up --no-triggers`.
  package static func areWanted(_ connection: Connection) throws -> Bool {
    try connection.first(Assets.Queries.clearing, [], { $0.bool(0) }) ?? true
  }

  /// What ``install(_:)`` came to, by names.
  package struct Installation: Sendable {
    /// The triggers that were made.
    package fileprivate(set) var triggers: [String] = []
    /// The procedures that were made.
    package fileprivate(set) var procedures: [String] = []
    /// The procedures that were left alone, because this account may not see what they are.
    package fileprivate(set) var unknown: [String] = []
  }

  /// Makes the triggers that are missing, altered, or left without their account, and remembers that the site wants
  /// triggers.
  ///
  /// A procedure whose text is hidden is somebody else's, and stays: made anew it would run as this account.
  ///
  /// - Throws: ``SchemaError/triggersForbidden(_:)`` when the server does not allow it.
  package static func install(_ connection: Connection) throws -> Installation {
    try connection.execute(Assets.Queries.setClearing, [Value(1)])
    try connection.execute(Assets.Queries.shortLockWait)
    var done = Installation()
    for trigger in triggers {
      let stored = try visible(connection, trigger.name)
      if let stored, stored.matches(trigger), stored.definerExists ?? true { continue }
      try create(connection, trigger.script)
      done.triggers.append(trigger.name)
    }
    for procedure in procedures {
      switch try procedure.state(connection) {
      case .hidden: done.unknown.append(procedure.name)
      // Of one account with the triggers, so that it tells whether theirs is there.
      case .current where done.triggers.isEmpty: break
      case .unseen, .current, .different, .orphaned:
        try create(connection, procedure.script)
        done.procedures.append(procedure.name)
      }
    }
    return done
  }

  /// Drops the triggers that are there.
  ///
  /// - Returns: the names of those that were dropped.
  package static func drop(_ connection: Connection) throws -> [String] {
    var dropped: [String] = []
    try connection.execute(Assets.Queries.shortLockWait)
    for trigger in triggers where try exists(connection, trigger.name) {
      try Schema.withLockRetries {
        try connection.executeScript(Assets.Queries.dropTrigger.replacing("{name}", with: trigger.name))
      }
      dropped.append(trigger.name)
    }
    return dropped
  }

  /// Drops the triggers, and remembers that the site does without.
  ///
  /// - Returns: the names of those that were dropped.
  package static func dispense(_ connection: Connection) throws -> [String] {
    try connection.execute(Assets.Queries.setClearing, [Value(0)])
    let dropped = try drop(connection)
    for procedure in procedures { _ = try procedure.drop(connection) }
    return dropped
  }

  /// Whether this account sees that there is such a trigger.
  static func exists(_ connection: Connection, _ name: String) throws -> Bool {
    try connection.first(Assets.Queries.visibleTrigger, [Value(name)], { _ in true }) ?? false
  }

  /// A trigger as this account sees it; nil also where the account may not see what triggers do.
  static func visible(_ connection: Connection, _ name: String) throws -> Stored? {
    let found = try connection.first(Assets.Queries.visibleTrigger, [Value(name)]) { row in
      (
        subject: row.string(0), body: row.optionalString(1), sqlMode: row.optionalString(2) ?? "",
        definer: row.optionalString(3) ?? ""
      )
    }
    guard let found, let body = found.body else { return nil }
    return Stored(
      subject: found.subject, body: body, sqlMode: found.sqlMode, definer: found.definer,
      definerExists: try AccountTable.exists(connection, found.definer))
  }

  private static func create(_ connection: Connection, _ script: String) throws {
    do {
      try Schema.withLockRetries { try connection.executeScript(script) }
    } catch let error as MariaDBError {
      switch error.code {
      case 1419:
        throw SchemaError.triggersForbidden(
          "the server writes a binary log, and there a trigger takes the privilege SUPER or the setting"
            + " log_bin_trust_function_creators = 1")
      case 1142:
        throw SchemaError.triggersForbidden(
          "this account lacks the privilege TRIGGER on the tables sublog and reservation")
      case 1044, 1370:
        throw SchemaError.triggersForbidden(
          "this account lacks the privilege to create routines on the database")
      default: throw error
      }
    }
  }
}
