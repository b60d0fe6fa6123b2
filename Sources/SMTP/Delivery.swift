import Mail

/// Whom a mail goes to, as the mail server is told; headers play no part in it.
package struct Envelope: Sendable, Equatable {
  /// Where the mail system reports failures to.
  package var sender: MailAddress
  /// Those whose acceptance counts.
  package var recipients: [MailAddress]
  /// Those who get a copy; their acceptance never counts.
  package var blindRecipients: [MailAddress]

  package init(sender: MailAddress, recipients: [MailAddress], blindRecipients: [MailAddress] = []) {
    self.sender = sender
    self.recipients = recipients
    self.blindRecipients = blindRecipients
  }
}

/// What became of a mail.
package enum DeliveryStatus: String, Sendable, CaseIterable {
  /// The server took the mail after the final dot, for at least one of the recipients that count.
  case accepted
  /// Not taken now, may be later: a 4xx reply, one that means nothing at its place, a time-out, no connection,
  /// or a server that refuses everybody before any mail is spoken of.
  case deferred
  /// Refused for good: a 5xx reply to the sender, to every recipient that counts, or to the mail.
  case failed
  /// The connection was lost after the final dot: the mail may have been taken. It is to be sent again
  /// with the same Message-ID.
  case unknown
}

/// What the server said to one recipient.
package struct RecipientReply: Sendable, Equatable {
  package var address: MailAddress
  /// Nil when the conversation ended before the reply.
  package var code: Int?
  /// The enhanced code of the reply (RFC 3463), such as `5.1.1`; nil when it has none or a malformed one.
  package var enhancedCode: String?
  /// One line, without control characters, the code in front; empty when there was no reply.
  package var text: String
}

/// How one attempt to hand over a mail ended.
package struct DeliveryOutcome: Sendable, Equatable {
  package var status: DeliveryStatus
  /// The code of the reply that decided, nil when there was none (no connection, a time-out).
  package var replyCode: Int?
  /// The enhanced code of that reply (RFC 3463), such as `4.2.2`; nil when it has none or a malformed one.
  package var enhancedCode: String?
  /// The server's deciding words with the code in front, or the connection's error in plain words. One line of
  /// at most 500 characters, without control characters and without any password.
  package var reply: String
  /// One reply for each of the envelope's `recipients`, in their order.
  package var recipients: [RecipientReply]
  /// Whether the server takes no mail at all at the moment (no connection, refused or cut before the first mail
  /// was spoken of, TLS or authentication failed or missing): trying another mail now is a waste.
  package var serverUnreachable: Bool
  /// Whether the connection was encrypted when it ended or when the last word was said: `smtps`, or STARTTLS done.
  package var isEncrypted: Bool
  /// Whether the server took `smtp.user` and `smtp.password` on this connection.
  package var isAuthenticated: Bool
}
