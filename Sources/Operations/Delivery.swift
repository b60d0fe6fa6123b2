import Mail
import Retention
import SMTP
import Settings
import VCLDatabase

/// Delivers the mails of a run and records what the server said.
struct Delivery {
  let outbox: Outbox
  let composer: DigestComposer
  let settings: MailServerSettings
  let progress: Progress

  /// How a delivery sends; ready before anything is written, so that wrong settings stop a run.
  static func session(_ settings: MailServerSettings) throws -> SMTPSession {
    try SMTPSession(
      SMTPOptions(
        url: settings.url, user: settings.user, password: settings.password?.value,
        tls: settings.encryption == .startTLS ? .required : settings.encryption == .none ? .off : .automatic,
        certificateAuthorityFile: settings.authorityFile))
  }

  /// - Parameter digests: by owner id, for the notice to the admins when an owner's mail is refused.
  /// - Returns: whether every mail was accepted.
  func run(_ session: SMTPSession, digests: [Int: OwedDigest]) throws -> Bool {
    let first = try deliver(session, digests)
    guard first.hasFallbacks, !first.isStopped else { return first.isComplete }
    _ = try deliver(session, [:])
    return false
  }

  private struct Outcome {
    var isComplete = true
    var isStopped = false
    /// Whether mails to the admins were queued in the stead of refused ones.
    var hasFallbacks = false
  }

  private func deliver(_ session: SMTPSession, _ digests: [Int: OwedDigest]) throws -> Outcome {
    var outcome = Outcome()
    let mails = try outbox.pending()
    for (index, mail) in mails.enumerated() {
      let result = try send(mail, session)
      let fallback = result.status == .failed ? try self.fallback(for: mail, digests) : nil
      try outbox.record(
        mail.id, status: result.status.rawValue, isAccepted: result.status == .accepted,
        replyCode: result.replyCode, reply: result.reply, fallback: fallback)
      progress.update(index + 1, of: mails.count)
      guard result.status != .accepted else { continue }
      outcome.isComplete = false
      if fallback != nil { outcome.hasFallbacks = true }
      progress.event(
        "mail \(mail.id) to \(mail.recipients.joined(separator: ", ")) \(result.status.rawValue): \(result.reply)",
        level: .warning)
      if result.serverUnreachable {
        // A server that is down is tried once per run, not once per mail.
        outcome.isStopped = true
        let left = mails.count - index - 1
        if left > 0 {
          progress.event(
            "\(left) more \(left == 1 ? "mail waits" : "mails wait") for the next run", level: .warning)
        }
        break
      }
    }
    return outcome
  }

  /// A digest that its owner's server refuses goes to the admins, who may know another way.
  private func fallback(
    for mail: Outbox.Pending, _ digests: [Int: OwedDigest]
  ) throws -> Outbox.Fallback? {
    guard mail.isToOwner, let owner = mail.ownerID, let owed = digests[owner],
      !composer.addresses.admins.isEmpty
    else { return nil }
    return (owner, owed.digest.entries, try composer.compose(owed, to: .fallback))
  }

  private func send(_ mail: Outbox.Pending, _ session: SMTPSession) throws -> DeliveryOutcome {
    guard let sender = MailAddress(mail.sender) else {
      throw Failure("mail \(mail.id): the outbox row has no usable sender; was it changed by hand?", .failed)
    }
    return session.send(
      mail.message,
      envelope: Envelope(
        sender: sender, recipients: mail.recipients.compactMap { MailAddress($0) },
        blindRecipients: mail.blindRecipients.compactMap { MailAddress($0) }))
  }
}
