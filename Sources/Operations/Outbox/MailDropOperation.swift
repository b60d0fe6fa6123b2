import MariaDB
import VCLDatabase

/// Gives up undelivered mails. Their dates count as not told, so that the next run announces them anew; what they say of
/// revisions that were deleted or no longer expire is not told again.
package struct MailDropOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// - Returns: what was done, one line each.
  package func drop(_ ids: [Int]) throws -> [String] {
    let connection = try site.connectReady()
    let mails = try ids.map { try MailDesk.find(connection, $0) }
    for mail in mails where MailStatus(rawValue: mail.status)?.isOpen != true {
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
