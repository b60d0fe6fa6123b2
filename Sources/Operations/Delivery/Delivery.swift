import Mail
import Retention
import SMTP
import Settings
import VCLDatabase

/// Delivers the mails whose time has come and records what the server said.
///
/// This thread claims and records; the connections send. What a connection has got is recorded within moments, several
/// at a time when they come fast. A crash in between sends a mail twice, with the same Message-ID, and loses none.
final class Delivery {
  private let queue: MailQueue
  private let fallback: FallbackNotice
  private let clock: Clock
  private let settings: Settings
  private let progress: Progress
  private let pace: Pace
  /// Nothing is begun after it, in however many rounds.
  private let deadline: ContinuousClock.Instant

  /// - Parameter deadline: nil: as the settings say.
  init(
    queue: MailQueue, fallback: FallbackNotice, clock: Clock, settings: Settings, progress: Progress,
    deadline: Duration? = nil
  ) {
    self.queue = queue
    self.fallback = fallback
    self.clock = clock
    self.settings = settings
    self.progress = progress
    pace = Pace(ratePerMinute: settings.mailServer.ratePerMinute)
    self.deadline = .now + (deadline ?? .seconds(settings.mailServer.deadlineMinutes * 60))
  }

  /// What came of the mails.
  struct Outcome {
    /// Mails by status.
    var counts: [DeliveryStatus: Int] = [:]
    /// Why mails were left waiting whose time has come; nil: none was.
    var stopReason: String?
    /// Whether what is left is delivered by a run that is at work.
    var isRunAtWork = false

    /// Whether every mail was accepted, or is in the hands of a run.
    var isComplete: Bool {
      (stopReason == nil || isRunAtWork) && counts.allSatisfy { $0.key == .accepted || $0.value == 0 }
    }
  }

  /// How mails are handed over.
  ///
  /// - Parameter timeoutSeconds: in place of the settings'.
  /// - Throws: `SMTPConfigurationError`; asked before anything is written, wrong settings stop a run.
  static func options(_ settings: MailServerSettings, timeoutSeconds: Int? = nil) throws -> SMTPOptions {
    let options = try SMTPOptions(
      url: settings.url, user: settings.user, password: settings.password?.value,
      tls: settings.encryption == .startTLS ? .required : settings.encryption == .none ? .off : .automatic,
      certificateAuthorityFile: settings.authorityFile, heloName: settings.greeting,
      timeoutSeconds: timeoutSeconds ?? settings.timeoutSeconds)
    _ = try SMTPSession(options)
    return options
  }

  func run(_ options: SMTPOptions) throws -> Outcome {
    var work = Work(
      senders: MailSenders(options, pace: pace), capacity: 128 + 64 * settings.mailServer.connections)
    do {
      try deliver(&work)
    } catch {
      // What was handed over must be on record, whatever failed; the error that counts is the first.
      try? record(work.senders.close(), &work)
      throw error
    }
    work.senders.close()
    if let reason = work.outcome.stopReason, !work.outcome.isRunAtWork {
      progress.event("mail waits for the next try: \(reason)", level: .warning)
    }
    return work.outcome
  }

  /// The state of one delivery.
  private struct Work {
    let senders: MailSenders
    /// How many mails may be claimed at a time: what is in memory.
    let capacity: Int
    var renewed = ContinuousClock.now
    var claimed: [Int: MailQueue.Mail] = [:]
    var isAnyLeft = true
    var hasReached = false
    var done = 0
    var outcome = Outcome()
  }

  private func deliver(_ work: inout Work) throws {
    work.senders.allow(for: Self.confidence)
    work.senders.start(1)
    while true {
      try keepClaims(&work)
      try claim(&work)
      if work.claimed.isEmpty { return }
      let results = work.senders.results(
        timeout: 1, wanted: work.hasReached ? work.claimed.count : 1)
      try record(results, &work)
      if !work.hasReached, results.contains(where: { $0.outcome.map { !$0.serverUnreachable } ?? false }) {
        // Only a server that is there gets more connections: one that is down is tried once.
        work.hasReached = true
        work.senders.start(settings.mailServer.connections - 1)
      }
      guard work.outcome.stopReason == nil else { continue }
      if results.isEmpty, work.senders.alive == 0 {
        try stop("too little memory for a connection", &work)
      } else if .now > deadline {
        try stop("the deadline of \(DateWords.count(settings.mailServer.deadlineMinutes, "minute"))", &work)
      }
    }
  }

  /// For so long after its claims were renewed a deliverer trusts them; what it begins then is done, or recorded as
  /// unknown, before they are void.
  private static let confidence = Duration.seconds(MailQueue.claimSeconds / 3)

  private func keepClaims(_ work: inout Work) throws {
    guard ContinuousClock.now - work.renewed > .seconds(MailQueue.renewalSeconds) else { return }
    work.renewed = .now
    try queue.renewClaims()
    work.senders.allow(for: Self.confidence)
    // The time of a mail that was refused before may have come.
    work.isAnyLeft = true
  }

  private func claim(_ work: inout Work) throws {
    guard work.isAnyLeft, work.outcome.stopReason == nil, work.claimed.count <= work.capacity / 2 else {
      return
    }
    let mails: [MailQueue.Mail]
    do {
      mails = try queue.claim(atMost: work.capacity - work.claimed.count, now: clock.present)
    } catch let error as LeaseHeld {
      work.outcome.isRunAtWork = true
      return try stop("\(error)", &work)
    }
    if mails.isEmpty { work.isAnyLeft = false }
    for mail in mails {
      work.claimed[mail.id] = mail
      if let envelope = envelope(mail) {
        work.senders.add([.init(mailID: mail.id, message: mail.message, envelope: envelope)])
      } else {
        try fail(
          mail, "the outbox has no usable sender, recipient or text for it; was it changed by hand?", &work)
      }
    }
  }

  /// Nil for a row that this program has not written so.
  private func envelope(_ mail: MailQueue.Mail) -> Envelope? {
    let bounce = settings.mail.bounceAddress.flatMap { MailAddress($0) }
      .flatMap { VariableEnvelope.address(base: $0, mail: mail.id) }
    let recipients = mail.recipients.compactMap { MailAddress($0) }
    let returnPath = settings.mail.returnPath.flatMap { MailAddress($0) }
    guard let sender = bounce ?? returnPath ?? MailAddress(mail.sender), !recipients.isEmpty,
      !mail.message.isEmpty
    else {
      return nil
    }
    return Envelope(
      sender: sender, recipients: recipients,
      blindRecipients: mail.blindRecipients.compactMap { MailAddress($0) })
  }

  private func fail(_ mail: MailQueue.Mail, _ why: String, _ work: inout Work) throws {
    work.claimed[mail.id] = nil
    let attempt = MailQueue.Attempt(
      mailID: mail.id, status: DeliveryStatus.failed.rawValue, wasTried: false, triedAt: clock.present,
      nextTryAt: nil, replyCode: nil, enhancedCode: nil, reply: why, recipients: [], fallback: nil)
    try queue.record([attempt])
    note(attempt, &work)
  }

  private func record(_ results: [MailSenders.Result], _ work: inout Work) throws {
    var attempts: [MailQueue.Attempt] = []
    var untried: [Int] = []
    for result in results {
      guard let outcome = result.outcome else {
        untried.append(result.job.mailID)
        continue
      }
      if outcome.serverUnreachable, work.outcome.stopReason == nil {
        if work.senders.alive > 0 {
          // The server takes no more connections, or this one died; another connection takes the mail.
          work.senders.add([result.job])
          continue
        }
        try stop("the mail server: \(outcome.reply)", &work)
      }
      guard let mail = work.claimed.removeValue(forKey: result.job.mailID) else { continue }
      attempts.append(attempt(mail, outcome))
    }
    if !attempts.isEmpty { try queue.record(attempts) }
    for attempt in attempts { note(attempt, &work) }
    try release(untried, &work)
  }

  private func note(_ attempt: MailQueue.Attempt, _ work: inout Work) {
    work.done += 1
    progress.update(work.done, of: work.done + work.claimed.count)
    let status = DeliveryStatus(rawValue: attempt.status) ?? .unknown
    work.outcome.counts[status, default: 0] += 1
    if attempt.fallback != nil { work.isAnyLeft = true }
    progress.event(
      "mail \(attempt.mailID) to \(attempt.recipients.map(\.address).joined(separator: ", "))"
        + " \(attempt.status): \(attempt.reply)", level: status == .accepted ? .info : .warning,
      kind: "mail_\(attempt.status)", mail: attempt.mailID)
  }

  private func attempt(_ mail: MailQueue.Mail, _ outcome: DeliveryOutcome) -> MailQueue.Attempt {
    let now = clock.present
    var status = outcome.status
    var reply = outcome.reply
    var nextTry: Moment?
    if status == .deferred || status == .unknown, !outcome.serverUnreachable {
      if let first = mail.firstTriedAt, now >= first + settings.mail.lifetimeDays * 86_400 {
        status = .failed
        reply = "given up after \(DateWords.count(settings.mail.lifetimeDays, "day")): \(reply)"
      } else {
        nextTry =
          now + BackOff.mail.seconds(afterAttempts: mail.attempts + 1)
      }
    }
    return MailQueue.Attempt(
      mailID: mail.id, status: status.rawValue, wasTried: !outcome.serverUnreachable, triedAt: now,
      nextTryAt: nextTry, replyCode: outcome.replyCode, enhancedCode: outcome.enhancedCode, reply: reply,
      recipients: outcome.recipients.map {
        .init(
          address: $0.address.description, replyCode: $0.code, enhancedCode: $0.enhancedCode, reply: $0.text)
      },
      fallback: status == .failed ? fallback(mail) : nil)
  }

  /// A copy that cannot be made must not cost the record of what was sent.
  private func fallback(_ mail: MailQueue.Mail) -> Outbox.Fallback? {
    guard mail.isToOwner, let owner = mail.ownerID else { return nil }
    do {
      return try fallback.of(mail: mail.id, ownerID: owner)
    } catch {
      progress.event(
        "the admins' copy of mail \(mail.id): \(Failure(error))", level: .warning, mail: mail.id)
      return nil
    }
  }

  /// Begins nothing more, and gives back what was not begun.
  private func stop(_ reason: String, _ work: inout Work) throws {
    work.outcome.stopReason = reason
    try release(work.senders.withdraw().map(\.mailID), &work)
  }

  private func release(_ mails: [Int], _ work: inout Work) throws {
    for id in mails { work.claimed[id] = nil }
    if !mails.isEmpty { try queue.release(mails) }
  }
}
