import CCurl
import Glibc
import Mail

/// A client of one mail server: hands over one mail after the other on one connection, blocking.
///
/// The connection is opened with the first mail, kept between mails, opened anew when it was lost, and closed with
/// the session. One session belongs to one thread; several sessions are several connections.
package final class SMTPSession {
  let options: SMTPOptions
  let handle: UnsafeMutableRawPointer
  let conversation: Conversation
  private let source: MessageSource
  let secrets: Secrets
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  /// libcurl wants to be initialised once in a process, before any other use.
  private static let initialization = ccurl_global_init()

  /// A session that is not connected yet.
  /// - Throws: `SMTPConfigurationError` when libcurl cannot be set up with these options.
  package init(_ options: SMTPOptions) throws(SMTPConfigurationError) {
    guard Self.initialization == CURLE_OK, let handle = curl_easy_init() else {
      throw SMTPConfigurationError(description: "libcurl cannot be initialised: check its installation.")
    }
    self.options = options
    self.handle = handle
    self.conversation = Conversation(
      demands: .init(
        implicitTLS: options.isImplicitTLS, startTLS: options.requiresSTARTTLS,
        authentication: options.user != nil))
    self.source = MessageSource(conversation: conversation)
    self.secrets = Secrets(user: options.user, password: options.password)
    let codes = configure()
    if let refused = codes.first(where: { $0 != CURLE_OK }) {
      throw SMTPConfigurationError(
        description:
          "libcurl refuses the settings of smtp.url: \(String(cString: curl_easy_strerror(refused))).")
    }
  }

  deinit {
    // libcurl says QUIT and would wait two minutes for the reply of a server that stalls.
    var socket: curl_socket_t = -1
    if ccurl_get_socket(handle, &socket) == CURLE_OK, socket >= 0 { shutdown(socket, Int32(SHUT_RD)) }
    curl_easy_cleanup(handle)
    errorText.deallocate()
  }

  /// Hands over one mail and waits for the server's last word.
  ///
  /// Never throws: whatever happens is an outcome. The message must have CRLF line ends only, as `Message.rendered()`
  /// has.
  package func send(_ message: [UInt8], envelope: Envelope) -> DeliveryOutcome {
    guard !envelope.recipients.isEmpty else {
      return DeliveryOutcome(
        status: .failed, replyCode: nil, enhancedCode: nil, reply: "The envelope has no recipient.",
        recipients: [], serverUnreachable: false, isEncrypted: false, isAuthenticated: false)
    }
    let everyone =
      envelope.recipients + envelope.blindRecipients.filter { !envelope.recipients.contains($0) }
    var list: UnsafeMutablePointer<curl_slist>?
    for recipient in everyone { list = curl_slist_append(list, recipient.description) }
    defer {
      ccurl_set_pointer(handle, CURLOPT_MAIL_RCPT, nil)
      curl_slist_free_all(list)
    }
    ccurl_set_string(handle, CURLOPT_MAIL_FROM, envelope.sender.description)
    ccurl_set_pointer(handle, CURLOPT_MAIL_RCPT, list)
    ccurl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(message.count))

    var result = perform(message)
    if result != CURLE_OK, conversation.endedBeforeThisMail, wasConnectionKept { result = perform(message) }
    var outcome = Verdict(
      conversation: conversation, envelope: envelope,
      connectionError: result == CURLE_OK ? "" : connectionError(result)
    ).outcome
    secrets.remove(from: &outcome)
    return outcome
  }
}

extension SMTPSession {
  func perform(_ message: [UInt8]) -> CURLcode {
    conversation.begin()
    source.begin(message)
    errorText[0] = 0
    return curl_easy_perform(handle)
  }

  /// Whether the last mail went over a connection that an earlier one had opened.
  private var wasConnectionKept: Bool {
    var count = 0
    return ccurl_get_long(handle, CURLINFO_NUM_CONNECTS, &count) == CURLE_OK && count == 0
  }

  private func configure() -> [CURLcode] {
    let context = Unmanaged.passUnretained(source).toOpaque()
    // The path of the URL is the name in EHLO.
    let url = options.url + (options.heloName.map { "/" + $0 } ?? "")
    var codes = [
      ccurl_set_string(handle, CURLOPT_URL, url),
      ccurl_set_string(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
      // Else libcurl takes a proxy from the environment.
      ccurl_set_string(handle, CURLOPT_PROXY, ""),
      // Without it libcurl uses SIGALRM for time-outs, which is not safe with threads.
      ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1),
      ccurl_set_long(handle, CURLOPT_UPLOAD, 1),
      ccurl_allow_refused_recipients(handle),
      ccurl_require_starttls(handle, options.requiresSTARTTLS ? 1 : 0),
      ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, options.timeoutSeconds * 1000),
      ccurl_set_long(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, options.timeoutSeconds),
      ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeoutSeconds * 1000),
      ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText),
      ccurl_set_pointer(handle, CURLOPT_READDATA, context),
      ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context),
      ccurl_set_pointer(handle, CURLOPT_DEBUGDATA, context),
      ccurl_set_transfer(
        handle, CURLOPT_READFUNCTION,
        { buffer, size, count, context in
          MessageSource.of(context).read(
            into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
        }),
      ccurl_set_transfer(
        handle, CURLOPT_HEADERFUNCTION,
        { buffer, size, count, context in
          let line = UnsafeRawBufferPointer(start: buffer, count: size * count)
          // Any other number than the line's makes libcurl break off.
          return MessageSource.of(context).conversation.received(line) ? line.count : 0
        }),
      // Only with VERBOSE does libcurl tell which commands it sends; nothing is written anywhere.
      ccurl_set_long(handle, CURLOPT_VERBOSE, 1),
      ccurl_set_debug(
        handle,
        { _, kind, data, size, context in
          if kind == CURLINFO_HEADER_OUT {
            MessageSource.of(context).conversation.sent(UnsafeRawBufferPointer(start: data, count: size))
          }
          return 0
        }),
    ]
    if let user = options.user, let password = options.password {
      codes += [
        ccurl_set_string(handle, CURLOPT_USERNAME, user),
        ccurl_set_string(handle, CURLOPT_PASSWORD, password),
        ccurl_set_string(handle, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN"),
      ]
    }
    if let file = options.certificateAuthorityFile {
      codes += [
        ccurl_set_string(handle, CURLOPT_CAINFO, file),
        // Else the system's authorities, which libcurl finds in a folder too, would do as well.
        ccurl_set_string(handle, CURLOPT_CAPATH, nil),
      ]
    }
    return codes
  }

  /// libcurl's error in words that name the server, and the setting to look at where there is one.
  func connectionError(_ code: CURLcode) -> String {
    if conversation.lacksAuthentication {
      return "\(options.url) offers neither PLAIN nor LOGIN authentication, so nothing was sent: "
        + "check smtp.url and smtp.tls, or remove smtp.user."
    }
    let detail = errorText[0] != 0 ? String(cString: errorText) : String(cString: curl_easy_strerror(code))
    switch code {
    case CURLE_USE_SSL_FAILED:
      return "\(options.url) does not offer STARTTLS, so nothing was sent: check smtp.url, or set smtp.tls."
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
      return "No safe connection to \(options.url): \(detail); check smtp.url and smtp.ca_file."
    case CURLE_SSL_CONNECT_ERROR:
      return "No safe connection to \(options.url): \(detail)"
    case CURLE_LOGIN_DENIED:
      return "\(options.url) refused smtp.user and smtp.password: \(detail)"
    case CURLE_OPERATION_TIMEDOUT:
      return "\(options.url) did not answer in time: \(detail)"
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT:
      return "No connection to \(options.url): \(detail)"
    default:
      // What remains with a reply is one that has no place there, such as 250 to DATA.
      return conversation.isReplyAwaited
        ? "The connection to \(options.url) broke: \(detail)"
        : "\(options.url) does not follow the protocol: \(detail)"
    }
  }
}

/// The mail on its way to libcurl, and what its callbacks need.
///
/// The whole mail is in memory and each read is filled to its end: libcurl 7.88 corrupts dots at line ends when it gets
/// a few bytes at a time.
private final class MessageSource {
  let conversation: Conversation
  private var message: [UInt8] = []
  private var position = 0

  init(conversation: Conversation) { self.conversation = conversation }

  static func of(_ context: UnsafeMutableRawPointer?) -> MessageSource {
    Unmanaged<MessageSource>.fromOpaque(context!).takeUnretainedValue()
  }

  func begin(_ message: [UInt8]) {
    self.message = message
    position = 0
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, message.count - position)
    message.withUnsafeBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)]))
    }
    position += count
    // libcurl knows the size, so it does not ask again: it writes these bytes and the final dot.
    conversation.isMessageSent = position == message.count
    return count
  }
}
