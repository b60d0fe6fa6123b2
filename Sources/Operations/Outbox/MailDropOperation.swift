import MariaDB
import VCLDatabase

/// Gives up undelivered mails. What they list counts as not told: the next run tells of it anew where it is owed.
package struct MailDropOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// - Returns: what was done, one line each.
  package func drop(_ ids: [Int]) throws -> [String] {
    let connection = try site.connectReady()
    let mails = try ids.map { try MailDesk.find(connection, $0) }
    for mail in mails where ["accepted", "replaced", "dropped", "composing"].contains(mail.status) {
      throw Failure(
        "mail \(mail.id) is \(mail.status), so there is nothing to drop; nothing was done", .failed)
    }
    return try mails.map { mail in
      guard try MailRecords.drop(connection, mail.id) else {
        throw Failure(
          "mail \(mail.id) is being delivered at this moment; look at it again in a minute", .failed)
      }
      return "mail \(mail.id) to \(mail.addresses.joined(separator: ", ")) is dropped"
    }
  }
}
