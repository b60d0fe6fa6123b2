import CMariaDB

/// A failed operation on a MariaDB server, in one line and without secrets.
package struct MariaDBError: Error, CustomStringConvertible {
  /// What a caller may want to tell apart.
  package enum Kind: Sendable, Equatable {
    /// No server there, or it has no free connection.
    case unreachable
    /// A node of a Galera cluster that is not one of its majority now, and answers nothing.
    case withoutQuorum
    /// The server has no encryption, or its certificate does not vouch for it.
    case unencrypted
    /// Wrong user or password, or this host may not connect.
    case accessDenied
    case unknownDatabase
    case missingTable
    case missingColumn
    /// The server undid the transaction; doing it again usually works. On a Galera cluster that is also what a node says
    /// when another node changed the same rows first, for the most part at the commit.
    case deadlock
    case lockWaitTimeout
    case duplicateKey
    /// The server went away, was stopped or killed the connection; what was not committed is undone.
    case connectionLost
    /// The account lacks a privilege.
    case denied
    /// No procedure of that name that the account may see.
    case missingRoutine
    /// Text with a character that the column's character set does not have was compared with that column.
    case illegalCollationMix
    /// Text that the column's type or character set does not have.
    case unstorableText
    case other
  }

  /// The server's or the client library's error number; 0 for a misuse that this module found itself.
  package let code: UInt32
  /// Five characters, "HY000" where there is none of its own.
  package let sqlState: String
  /// The server's words, on one line.
  package let message: String
  /// What failed: "connect to /run/x.sock as vcl", or the first header line or first characters of the SQL text
  /// without bound values.
  package let operation: String
  package let kind: Kind

  /// `kind` follows from `code`.
  package init(
    code: UInt32, sqlState: String = "HY000", message: String, operation: String, kind: Kind? = nil
  ) {
    self.code = code
    self.sqlState = sqlState
    self.message = oneLine(message)
    self.operation = operation
    self.kind = kind ?? Kind(code: code)
  }

  /// The same error, which also says where it happened.
  func named(at endpoint: String) -> MariaDBError {
    MariaDBError(
      code: code, sqlState: sqlState, message: message, operation: "\(operation) at \(endpoint)", kind: kind)
  }

  package var description: String {
    let origin = code == 0 ? "" : " (error \(code))"
    return "\(operation): \(message)\(origin)"
  }
}

extension MariaDBError.Kind {
  /// The kind of an error number of the server (1000 and up) or of the client library (2000 and up).
  init(code: UInt32) {
    self =
      switch code {
      case 2002, 2003, 2005, 1040, 1203: .unreachable
      case 1047: .withoutQuorum
      case 2026: .unencrypted
      case 1045, 1129, 1130, 1698: .accessDenied
      case 1049: .unknownDatabase
      case 1051, 1146: .missingTable
      case 1054: .missingColumn
      case 1213: .deadlock
      case 1205: .lockWaitTimeout
      case 1062, 1586: .duplicateKey
      case 1053, 1927, 2006, 2013, 2055: .connectionLost
      case 1044, 1142, 1143, 1227, 1370: .denied
      case 1305: .missingRoutine
      case 1267, 1270, 1271: .illegalCollationMix
      case 1366: .unstorableText
      default: .other
      }
  }
}

extension MariaDBError {
  /// The last error of a connection.
  init(connection: UnsafeMutablePointer<MYSQL>, operation: String, kind: Kind? = nil) {
    self.init(
      code: mysql_errno(connection), sqlState: String(cString: mysql_sqlstate(connection)),
      message: String(cString: mysql_error(connection)), operation: operation, kind: kind)
  }

  /// The last error of a statement; one while its rows arrive is known to the connection only.
  init(statement: UnsafeMutablePointer<MYSQL_STMT>, operation: String) {
    if mysql_stmt_errno(statement) == 0, let connection = statement.pointee.mysql {
      self.init(connection: connection, operation: operation)
      return
    }
    self.init(
      code: mysql_stmt_errno(statement), sqlState: String(cString: mysql_stmt_sqlstate(statement)),
      message: String(cString: mysql_stmt_error(statement)), operation: operation)
  }
}

/// What an error calls a statement: its first header line, or its first 60 characters.
func summary(ofSQL sql: String) -> String {
  let first = sql.drop(while: \.isWhitespace)
  if first.hasPrefix("-- ") {
    let header = oneLine(String(first.dropFirst(3).prefix(while: { !$0.isNewline })))
    return header.hasSuffix(".") ? String(header.dropLast()) : header
  }
  let line = oneLine(String(first.prefix(200)))
  return line.count > 60 ? line.prefix(60) + "…" : line
}

/// The text with every run of white space made one blank.
func oneLine(_ text: String) -> String {
  text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}
