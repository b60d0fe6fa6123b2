import Assets
import MariaDB
import TestSupport

@testable import Operations

/// Mails in an outbox, as a run leaves them there.
extension TestSite {
  /// - Returns: their ids.
  @discardableResult
  func queue(_ count: Int, to recipient: (Int) -> String = { "owner\($0)@example.edu" }) throws
    -> [Int]
  {
    try store("mode", "flag")
    return try (1...count).map { number in
      let message = "Message-ID: <\(number)@example.edu>\r\nSubject: \(number)\r\n\r\nHello \(number)\r\n"
      try connection.execute(
        """
        INSERT INTO expireimage_mail (owner_id, recipient, status, sender, recipients, blind_recipients, subject,
          message_id, queued_on, queued_at)
        VALUES (NULL, 'owner', 'pending', 'vcl@example.edu', ?, '', ?, ?, CURDATE(), NOW())
        """,
        [Value(recipient(number)), Value("\(number)"), Value("<\(number)@example.edu>")])
      let id = Int(connection.lastInsertID)
      try connection.execute(Assets.Queries.insertMessage, [Value(id), .bytes(Array(message.utf8))])
      return id
    }
  }

  /// What became of the mails, by status.
  func statuses() throws -> [String] {
    try rows("SELECT status, COUNT(*) FROM expireimage_mail GROUP BY status ORDER BY CAST(status AS CHAR)")
  }

  func retry(_ ids: [Int] = []) throws -> (lines: [String], status: Operations.ExitStatus) {
    try MailRetryOperation(site).retry(ids, .silent)
  }

  /// Lets the time of the next try come.
  func hasten() throws {
    try connection.execute("UPDATE expireimage_mail SET next_try_at = NOW() - INTERVAL 1 SECOND")
  }
}
