import Mail

/// Tells from a conversation what became of a mail.
struct Verdict {
  let conversation: Conversation
  let envelope: Envelope
  /// The connection's error in plain words; empty when there was none.
  let connectionError: String

  var outcome: DeliveryOutcome {
    // The reply after the final dot decides, and before it the replies to those recipients that count.
    if let last = conversation.last, last.step == .message { return afterMessage(last.reply) }
    if conversation.isMessageSent { return ended(.unknown) }
    guard conversation.hasReachedMail else { return beforeMail }
    if conversation.isReplyAwaited, conversation.step != .quit { return lost }
    if let last = conversation.last, last.step == .data || last.step == .mail, !last.reply.isPositive {
      return ended(status(of: last.reply), last.reply)
    }
    if let refusal { return ended(refusal.status, refusal.reply) }
    return ended(.deferred)
  }

  private func afterMessage(_ reply: Reply) -> DeliveryOutcome {
    guard reply.isPositive else {
      return ended(reply.isTransient ? .deferred : reply.isPermanent ? .failed : .unknown, reply)
    }
    if ownReplies.contains(where: { $0.isPositive }) { return ended(.accepted, reply) }
    // Only blind recipients got it, and they do not count.
    return refusal.map { ended($0.status, $0.reply) } ?? ended(.unknown, reply)
  }

  /// A refusal before MAIL says nothing about this mail, whatever its code: a server that greets with 554, or a
  /// password that is wrong, must not fail a mail for good.
  private var beforeMail: DeliveryOutcome {
    var result = ended(.deferred, conversation.lacksAuthentication ? nil : refusingReply)
    result.serverUnreachable = true
    return result
  }

  private var refusingReply: Reply? {
    conversation.last.flatMap { $0.reply.isTransient || $0.reply.isPermanent ? $0.reply : nil }
  }

  /// Connection lost or time-out before the final dot: the server has not taken the mail. It may have announced its
  /// leaving with 421.
  private var lost: DeliveryOutcome {
    let words = [conversation.last?.reply, conversation.recipientReplies.last].compactMap { $0 }
    return ended(.deferred, words.last { $0.code == 421 })
  }

  private var ownReplies: ArraySlice<Reply> {
    conversation.recipientReplies.prefix(envelope.recipients.count)
  }

  /// The refusal of every recipient that counts; one that is refused only now can be tried again.
  private var refusal: (status: DeliveryStatus, reply: Reply)? {
    guard !ownReplies.contains(where: { $0.isPositive }), let first = ownReplies.first else { return nil }
    if let transient = ownReplies.first(where: { !$0.isPermanent }) { return (.deferred, transient) }
    return (.failed, first)
  }

  private func status(of reply: Reply) -> DeliveryStatus { reply.isPermanent ? .failed : .deferred }

  private func ended(_ status: DeliveryStatus, _ reply: Reply? = nil) -> DeliveryOutcome {
    let replies = conversation.recipientReplies
    return DeliveryOutcome(
      status: status, replyCode: reply?.code, reply: reply?.text ?? PlainLine.of(connectionError),
      recipients: envelope.recipients.enumerated().map { index, address in
        RecipientReply(
          address: address, code: index < replies.count ? replies[index].code : nil,
          text: index < replies.count ? replies[index].text : "")
      },
      serverUnreachable: false)
  }
}
