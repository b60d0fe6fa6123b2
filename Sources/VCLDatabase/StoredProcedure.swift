import Assets
import MariaDB

/// A procedure that this program makes in VCL's database.
struct StoredProcedure: Sendable {
  /// What an account sees of it.
  enum State: Equatable {
    /// Not there, or hidden: an account that may neither call nor make procedures sees none, and is not told which.
    case unseen
    /// There; its text is for its maker alone.
    case hidden
    /// There, as this version of the program makes it.
    case current
    /// There, and anything else.
    case different
    /// There, and the account that it runs as is gone, so that no call succeeds.
    case orphaned
  }

  /// What came of dropping it.
  enum Removal: Equatable {
    case dropped, absent
    /// The account may not; whether it is there is not known unless it is seen.
    case denied
  }

  let name: String
  /// What makes it, in place of one that is there.
  let script: String

  /// The procedures that files of `sql/` make, each in one of its own.
  static func all(in files: [(name: String, text: String)]) -> [StoredProcedure] {
    files.compactMap { file in
      guard let declaration = file.text.firstRange(of: " PROCEDURE ") else { return nil }
      let name = file.text[declaration.upperBound...].prefix { $0 != "(" }
      return StoredProcedure(name: String(name), script: file.text)
    }
  }

  func state(_ connection: Connection) throws -> State {
    do {
      let found = try connection.first(query(Assets.Queries.showProcedure)) {
        (sqlMode: $0.string(1), text: $0.optionalString(2))
      }
      guard let found else { return .unseen }
      if try isOrphaned(connection) { return .orphaned }
      guard let text = found.text else { return .hidden }
      let isSame = Essentials(text) == Essentials(script) && found.sqlMode == "STRICT_TRANS_TABLES"
      return isSame ? .current : .different
    } catch let error as MariaDBError where error.kind == .missingRoutine {
      return .unseen
    }
  }

  /// Whether it runs as an account that is known to be gone; one with the rights of its caller needs none.
  private func isOrphaned(_ connection: Connection) throws -> Bool {
    guard
      let definer = try connection.first(Assets.Queries.definerOfProcedure, [Value(name)], { $0.string(0) })
    else { return false }
    return try AccountTable.exists(connection, definer) == false
  }

  func make(_ connection: Connection) throws { try connection.executeScript(script) }

  func drop(_ connection: Connection) throws -> Removal {
    do {
      try connection.executeScript(query(Assets.Queries.dropProcedure))
      return .dropped
    } catch  where error.kind == .missingRoutine {
      return .absent
    } catch  where error.kind == .denied {
      return .denied
    }
  }

  private func query(_ sql: String) -> String { sql.replacing("{name}", with: name) }

  /// What decides how a procedure works; white space aside, and in whatever order its characteristics are written.
  private struct Essentials: Equatable {
    let parameters: [Substring]
    let isInvoker: Bool
    let body: [Substring]

    /// - Parameter text: the statement that makes it, as a script or as the server shows it.
    init(_ text: String) {
      let declared = text.firstRange(of: " PROCEDURE ").map { text[$0.upperBound...] } ?? ""
      let begin = declared.firstRange(of: "\nBEGIN\n")
      let head = declared[..<(begin?.lowerBound ?? declared.endIndex)]
      var body = begin.map { declared[$0.lowerBound...] } ?? ""
      if let end = body.firstRange(of: "\nEND//") { body = body[..<end.upperBound].dropLast(2) }
      var depth = 0
      let list = head.drop { $0 != "(" }
      let close = list.firstIndex { character in
        if character == "(" { depth += 1 } else if character == ")" { depth -= 1 }
        return depth == 0
      }
      parameters = Self.words(list[..<(close ?? list.endIndex)].dropFirst())
      isInvoker = (close.map { list[$0...] } ?? "").contains("SQL SECURITY INVOKER")
      self.body = Self.words(body)
    }

    private static func words(_ text: Substring) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
  }
}
