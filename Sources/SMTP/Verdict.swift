import Mail

/// Tells from a conversation what became of a mail.
struct Verdict {
  let conversation: Conversation
  let envelope: Envelope
  /// The connection's error in plain words; empty when there was none.
  let connectionError: String

  var outcome: DeliveryOutcome {
    // Refused, those that count get nothing, whatever becomes of the copies.
    if let refusal { return ended(refusal.status, refusal.reply) }
    if let last = conversation.last, last.step == .message { return afterMessage(last.reply) }
    if conversation.isMessageSent { return ended(.unknown) }
    guard conversation.hasReachedMail, !demandsMore else { return beforeMail }
    if conversation.isReplyAwaited, conversation.step != .quit { return lost }
    if let reply = conversation.stoppingReply { return ended(reply.isPermanent ? .failed : .deferred, reply) }
    return ended(.deferred)
  }

  private func afterMessage(_ reply: Reply) -> DeliveryOutcome {
    let status: DeliveryStatus =
      reply.isPositive ? .accepted : reply.isTransient ? .deferred : reply.isPermanent ? .failed : .unknown
    return ended(status, reply)
  }

  /// A refusal before MAIL says nothing about this mail, whatever its code: a server that greets with 554, or a
  /// password that is wrong, must not fail a mail for good.
  private var beforeMail: DeliveryOutcome {
    var result = ended(.deferred, conversation.lacksAuthentication ? nil : conversation.stoppingReply)
    result.serverUnreachable = true
    return result
  }

  /// Whether MAIL was refused because the server wants STARTTLS (RFC 3207 section 4) or authentication (RFC 4954
  /// section 6) first: that is about the settings, and no mail is to blame.
  private var demandsMore: Bool {
    conversation.last.map { $0.step == .mail && $0.reply.code == 530 } ?? false
  }

  /// Connection lost or time-out before the final dot: the server has not taken the mail. It may have announced its
  /// leaving with 421.
  private var lost: DeliveryOutcome {
    let words = [conversation.last?.reply] + conversation.recipientReplies
    return ended(.deferred, words.compactMap { $0 }.last { $0.code == 421 })
  }

  /// The refusal of every recipient that counts; nil while one of them is accepted or has no reply yet. One that is
  /// refused only now can be tried again.
  private var refusal: (status: DeliveryStatus, reply: Reply?)? {
    let replies = conversation.recipientReplies.prefix(envelope.recipients.count)
    let isWaiting = conversation.step == .recipient && conversation.isReplyAwaited
    guard replies.count == envelope.recipients.count, !replies.contains(where: { $0?.isPositive == true }),
      !isWaiting || replies.count < conversation.recipientReplies.count
    else { return nil }
    if let transient = replies.first(where: { $0?.isPermanent != true }) { return (.deferred, transient) }
    return (.failed, replies.first ?? nil)
  }

  private func ended(_ status: DeliveryStatus, _ reply: Reply? = nil) -> DeliveryOutcome {
    let replies = conversation.recipientReplies
    return DeliveryOutcome(
      status: status, replyCode: reply?.code, enhancedCode: reply?.enhancedCode,
      reply: reply?.text ?? PlainLine.of(connectionError),
      recipients: envelope.recipients.enumerated().map { index, address in
        let reply = index < replies.count ? replies[index] : nil
        return RecipientReply(
          address: address, code: reply?.code, enhancedCode: reply?.enhancedCode, text: reply?.text ?? "")
      },
      serverUnreachable: false, isEncrypted: conversation.isEncrypted,
      isAuthenticated: conversation.isAuthenticated)
  }
}
