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

  /// - Parameter digests: by owner id, for the notice to the admins when an owner's mail fails.
  /// - Returns: whether every mail was accepted.
  func run(_ session: SMTPSession, digests: [Int: OwedDigest]) throws -> Bool {
    let first = try deliver(session)
    // A digest that failed for its owner goes to the admins, who may know another way.
    for ownerID in first.failedOwners {
      guard let owed = digests[ownerID], !composer.addresses.admins.isEmpty else { continue }
      let composed = try composer.compose(owed, to: .fallback)
      try outbox.complete(
        mail: nil, ownerID: owed.owner?.id, recipient: .fallback, reminders: owed.digest.entries,
        replacing: [],
        composed)
    }
    let second = first.failedOwners.isEmpty || first.isStopped ? first : try deliver(session)
    return first.isComplete && second.isComplete
  }

  private struct Outcome {
    var isComplete = true
    var isStopped = false
    /// Owner ids of digests that were refused for good.
    var failedOwners: [Int] = []
  }

  private func deliver(_ session: SMTPSession) throws -> Outcome {
    var outcome = Outcome()
    let mails = try outbox.pending()
    for (index, mail) in mails.enumerated() {
      let result = try send(mail, session)
      try outbox.record(
        mail.id, status: result.status.rawValue, isAccepted: result.status == .accepted,
        replyCode: result.replyCode, reply: result.reply)
      progress.update(index + 1, of: mails.count)
      guard result.status != .accepted else { continue }
      outcome.isComplete = false
      progress.event(
        "mail \(mail.id) to \(mail.recipients.joined(separator: ", ")) \(result.status.rawValue): \(result.reply)",
        level: .warning)
      if result.status == .failed, mail.isToOwner, let owner = mail.ownerID {
        outcome.failedOwners.append(owner)
      }
      if result.serverUnreachable {
        // A server that is down is tried once per run, not once per mail.
        outcome.isStopped = true
        if index + 1 < mails.count {
          progress.event("\(mails.count - index - 1) more mails wait for the next run", level: .warning)
        }
        break
      }
    }
    return outcome
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
