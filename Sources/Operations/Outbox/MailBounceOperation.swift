import Mail
import MariaDB
import VCLDatabase

/// Reads a report that a mail did not arrive (RFC 3464), and takes the notice back: what it lists counts as not told.
///
/// It is called by a mail server, for whatever comes to the address of the envelope sender: spam and vacation notes too.
package struct MailBounceOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// - Parameters:
  ///   - report: the whole mail.
  ///   - recipient: to whom it came, as the mail server says; nil: only its own headers tell.
  /// - Returns: what was done, in one line.
  /// - Throws: what stands in the way; the report must then come again, because nothing of it was recorded.
  package func take(_ report: [UInt8], recipient: String?) throws -> String {
    guard let report = DeliveryReport.parse(report) else { return "not a delivery report; nothing was done" }
    let failures = report.recipients.filter { $0.action == .failed }.map {
      Bounces.Failure(address: $0.address, code: $0.status, text: $0.diagnostic)
    }
    guard !failures.isEmpty else { return "the report says of nobody that a mail failed; nothing was done" }
    return try record(failures, report, recipient)
  }

  private func record(
    _ failures: [Bounces.Failure], _ report: DeliveryReport, _ recipient: String?
  ) throws -> String {
    let desk = try MailDesk(site)
    let bounces = Bounces(desk.connection, outbox: desk.outbox, now: desk.clock.now)
    guard let mail = try find(report, recipient, bounces) else {
      return "the report is about no mail of the outbox; nothing was done"
    }
    let fallback = FallbackNotice(connection: desk.connection, composer: desk.composer)
    let outcome = try bounces.record(failures, mail: mail) { try fallback.of(mail: mail, ownerID: $0) }
    let addresses = failures.map(\.address).joined(separator: ", ")
    switch outcome {
    case .takenBack: return "mail \(mail) to \(addresses) is taken back; what it lists counts as not told"
    case .arrivedElsewhere:
      return "mail \(mail) did not arrive at \(addresses), but at another of its recipients"
    case .nothingToTakeBack: return "mail \(mail) to \(addresses) does not count as notice anyway"
    case .beingDelivered:
      throw Failure(
        "mail \(mail) is being delivered at this moment, so its report must come again", .tryAgain)
    case .noSuchMail: return "there is no mail \(mail) any more; nothing was done"
    }
  }

  /// By the envelope first, which a reader's mail program cannot have changed; then by the Message-ID.
  private func find(_ report: DeliveryReport, _ recipient: String?, _ bounces: Bounces) throws -> Int? {
    if let base = site.settings.mail.bounceAddress.flatMap({ MailAddress($0) }) {
      let addresses = [recipient].compactMap { $0 } + report.envelopeRecipients
      if let mail = addresses.lazy.compactMap({ VariableEnvelope.mail(of: $0, base: base) }).first {
        return mail
      }
    }
    return try report.originalMessageID.flatMap { try bounces.mail(messageID: $0) }
  }
}
