import Mail
import Retention
import SMTP
import Settings
import VCLDatabase

/// Delivers the mails whose time has come and records what the server said.
///
/// This thread claims and records; the connections send. What a connection has got is recorded within moments, several
/// at a time when they come fast. A crash in between sends a mail twice, with the same Message-ID, and loses none.
struct Delivery {
  let queue: MailQueue
  let fallback: FallbackNotice
  let clock: Clock
  let settings: Settings
  let progress: Progress
  /// Nothing is begun after so long.
  let deadline: Duration

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
    self.deadline = deadline ?? .seconds(settings.mailServer.deadlineMinutes * 60)
  }

  /// What came of the mails.
  struct Outcome {
    /// Mails by status.
    var counts: [DeliveryStatus: Int] = [:]
    /// Why mails were left waiting whose time has come; nil: none was.
    var stopReason: String?

    /// Whether every mail was accepted.
    var isComplete: Bool { stopReason == nil && counts.allSatisfy { $0.key == .accepted || $0.value == 0 } }
  }

  /// How mails are handed over.
  ///
  /// - Throws: `SMTPConfigurationError`; asked before anything is written, wrong settings stop a run.
  static func options(_ settings: MailServerSettings) throws -> SMTPOptions {
    let options = try SMTPOptions(
      url: settings.url, user: settings.user, password: settings.password?.value,
      tls: settings.encryption == .startTLS ? .required : settings.encryption == .none ? .off : .automatic,
      certificateAuthorityFile: settings.authorityFile, timeoutSeconds: settings.timeoutSeconds)
    _ = try SMTPSession(options)
    return options
  }

  func run(_ options: SMTPOptions) throws -> Outcome {
    let senders = MailSenders(options, pace: Pace(ratePerMinute: settings.mailServer.ratePerMinute))
    defer { senders.close() }
    var work = Work(senders: senders, capacity: 8 * settings.mailServer.connections)
    senders.start(1)
    while true {
      try keepClaims(&work)
      try claim(&work)
      if work.claimed.isEmpty { break }
      let results = senders.results(timeout: 1)
      try record(results, &work)
      if !work.hasReached, results.contains(where: { $0.outcome.map { !$0.serverUnreachable } ?? false }) {
        // Only a server that is there gets more connections: one that is down is tried once.
        work.hasReached = true
        senders.start(settings.mailServer.connections - 1)
      }
      if work.outcome.stopReason == nil, results.isEmpty, senders.alive == 0 {
        try stop("too little memory for a connection", &work)
      }
      if work.outcome.stopReason == nil, work.elapsed > deadline {
        try stop("the deadline of \(DateWords.count(settings.mailServer.deadlineMinutes, "minute"))", &work)
      }
    }
    if let reason = work.outcome.stopReason {
      progress.event("mail waits for the next try: \(reason)", level: .warning)
    }
    return work.outcome
  }

  /// The state of one delivery.
  private struct Work {
    let senders: MailSenders
    /// How many mails may be claimed at a time: what is in memory, and what a crash may send twice.
    let capacity: Int
    let start = ContinuousClock.now
    var renewed = ContinuousClock.now
    var claimed: [Int: MailQueue.Mail] = [:]
    var isAnyLeft = true
    var hasReached = false
    var done = 0
    var outcome = Outcome()

    init(senders: MailSenders, capacity: Int) {
      self.senders = senders
      self.capacity = capacity
      senders.allow(for: Delivery.confidence)
    }

    var elapsed: Duration { ContinuousClock.now - start }
  }

  /// For so long after its claims were renewed a deliverer trusts them; what it begins then is done, or recorded as
  /// unknown, before they are void.
  private static let confidence = Duration.seconds(MailQueue.claimSeconds / 2)

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
    let mails = try queue.claim(
      atMost: work.capacity - work.claimed.count, now: clock.moment(after: work.elapsed))
    if mails.isEmpty { work.isAnyLeft = false }
    var jobs: [MailSenders.Job] = []
    for mail in mails {
      work.claimed[mail.id] = mail
      jobs.append(.init(mailID: mail.id, message: mail.message, envelope: try envelope(mail)))
    }
    work.senders.add(jobs)
  }

  private func envelope(_ mail: MailQueue.Mail) throws -> Envelope {
    let bounce = settings.mail.bounceAddress.flatMap { MailAddress($0) }
      .flatMap { VariableEnvelope.address(base: $0, mail: mail.id) }
    guard let sender = bounce ?? MailAddress(mail.sender) else {
      throw Failure("mail \(mail.id): the outbox row has no usable sender; was it changed by hand?", .failed)
    }
    return Envelope(
      sender: sender, recipients: mail.recipients.compactMap { MailAddress($0) },
      blindRecipients: mail.blindRecipients.compactMap { MailAddress($0) })
  }

  private func record(_ results: [MailSenders.Result], _ work: inout Work) throws {
    var attempts: [MailQueue.Attempt] = []
    var untried: [Int] = []
    for result in results {
      guard let outcome = result.outcome else {
        untried.append(result.job.mailID)
        continue
      }
      if outcome.serverUnreachable {
        if work.senders.alive > 0 {
          // The server takes no more connections, or this one died; another connection takes the mail.
          work.senders.add([result.job])
          continue
        }
        try stop("the mail server: \(outcome.reply)", &work)
      }
      guard let mail = work.claimed.removeValue(forKey: result.job.mailID) else { continue }
      attempts.append(try attempt(mail, outcome, work.elapsed))
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
    guard status != .accepted else { return }
    progress.event(
      "mail \(attempt.mailID) to \(attempt.recipients.map(\.address).joined(separator: ", "))"
        + " \(attempt.status): \(attempt.reply)", level: .warning)
  }

  private func attempt(
    _ mail: MailQueue.Mail, _ outcome: DeliveryOutcome, _ elapsed: Duration
  ) throws -> MailQueue.Attempt {
    let now = clock.moment(after: elapsed)
    var status = outcome.status
    var reply = outcome.reply
    var nextTry: Moment?
    if status == .deferred || status == .unknown, !outcome.serverUnreachable {
      if let first = mail.firstTriedAt, now >= first + settings.mail.lifetimeDays * 86_400 {
        status = .failed
        reply = "given up after \(DateWords.count(settings.mail.lifetimeDays, "day")): \(reply)"
      } else {
        nextTry =
          now + BackOff.seconds(afterAttempts: mail.attempts + 1, jitter: Double.random(in: -1...1))
      }
    }
    return MailQueue.Attempt(
      mailID: mail.id, status: status.rawValue, wasTried: !outcome.serverUnreachable, triedAt: now,
      nextTryAt: nextTry, replyCode: outcome.replyCode, enhancedCode: outcome.enhancedCode, reply: reply,
      recipients: outcome.recipients.map {
        .init(
          address: $0.address.description, replyCode: $0.code, enhancedCode: $0.enhancedCode, reply: $0.text)
      },
      fallback: status == .failed ? try fallback(mail) : nil)
  }

  private func fallback(_ mail: MailQueue.Mail) throws -> Outbox.Fallback? {
    guard mail.isToOwner, let owner = mail.ownerID else { return nil }
    return try fallback.of(mail: mail.id, ownerID: owner)
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
