import Foundation
import Mail
import MariaDB
import SMTP
import VCLDatabase

/// Sends one mail that says what it is, to see whether notices would arrive.
package struct MailTestOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// - Parameter address: who gets it.
  /// - Returns: what the mail server said, one line each.
  /// - Throws: ``Failure`` when it was not accepted.
  package func send(to address: String) throws -> [String] {
    guard let recipient = MailAddress(address) else {
      throw Failure("'\(address)' is no mail address; give one, such as jdoe@example.edu", .wrongCommandLine)
    }
    let options = try Delivery.options(site.settings.mailServer)
    let connection = try site.connectReady()
    let addresses = Addresses(people: try People.read(connection), settings: site.settings.mail)
    guard let sender = addresses.sender(ownerID: nil) else { throw Letterhead.noSender }
    let message = try Self.message(
      Letterhead(sender: sender, clock: try Clock.read(connection)), to: recipient)
    let returnPath = site.settings.mail.returnPath.flatMap { MailAddress($0) }
    let outcome = try SMTPSession(options).send(
      message.rendered(), envelope: Envelope(sender: returnPath ?? sender, recipients: [recipient]))
    guard outcome.status == .accepted else {
      throw Failure("the mail to \(recipient) is \(outcome.status.rawValue): \(outcome.reply)", .failed)
    }
    return [
      "\(options.url) accepted it: \(outcome.reply)",
      "The connection was \(outcome.isEncrypted ? "" : "not ")encrypted, and"
        + " \(outcome.isAuthenticated ? "logged in as \(options.user ?? "")" : "not logged in"). Sender: \(sender).",
      "Now see whether it arrives at \(recipient), and not among the spam.",
    ]
  }

  private static func message(_ letterhead: Letterhead, to recipient: MailAddress) throws -> Message {
    let paragraphs = [
      "This is a test.",
      "Somebody who runs VCL at your site wanted to know whether mails about VCL images arrive here. The notices to"
        + " the owners of images come from the same address, over the same mail server.",
      "You need not do anything.",
    ]
    return try letterhead.message(
      to: [recipient], subject: "Test of the mails about VCL images",
      messageID: "expireimage.test.\(UUID().uuidString)",
      text: TextWrapping.wrapped(paragraphs.joined(separator: "\n\n"), columns: 72),
      html: "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Test</title></head>\n"
        + "<body style=\"font:16px/1.5 sans-serif\">\n" + paragraphs.map { "<p>\($0)</p>\n" }.joined()
        + "</body>\n</html>\n")
  }
}
