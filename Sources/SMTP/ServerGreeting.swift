import CCurl
import Mail

/// How far a mail server let this side come that had nothing to send.
package struct ServerGreeting: Sendable, Equatable {
  /// Why it would take no mail, in one line without any password; nil: it would, as far as that can be known.
  package var problem: String?
  /// Whether it was `smtp.user` or its password that the server refused, or cannot be told.
  package var isAboutLogin: Bool
  package var isEncrypted: Bool
  package var isAuthenticated: Bool
}

extension SMTPSession {
  /// Connects, says EHLO, encrypts and logs in as for a mail, and then only NOOP and QUIT: no sender, no recipient.
  package func greet() -> ServerGreeting {
    ccurl_set_long(handle, CURLOPT_UPLOAD, 0)
    // Without a body libcurl writes no reply anywhere.
    ccurl_set_long(handle, CURLOPT_NOBODY, 1)
    ccurl_set_string(handle, CURLOPT_CUSTOMREQUEST, "NOOP")
    defer {
      ccurl_set_string(handle, CURLOPT_CUSTOMREQUEST, nil)
      ccurl_set_long(handle, CURLOPT_NOBODY, 0)
      ccurl_set_long(handle, CURLOPT_UPLOAD, 1)
    }
    let result = perform([])
    let isRefused = conversation.stoppingReply != nil && !conversation.lacksAuthentication
    var greeting = ServerGreeting(
      problem: nil, isAboutLogin: conversation.lacksAuthentication || conversation.step == .authentication,
      isEncrypted: conversation.isEncrypted, isAuthenticated: conversation.isAuthenticated)
    if isRefused, let reply = conversation.stoppingReply {
      greeting.problem = "\(options.url) answered \(reply.text)"
    } else if result != CURLE_OK {
      greeting.problem = PlainLine.of(connectionError(result))
    }
    greeting.problem = greeting.problem.map(secrets.removed)
    return greeting
  }
}
