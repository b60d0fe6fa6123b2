/// A mail of a program to people: text and HTML of the same content (RFC 5322, RFC 2046).
///
/// It says that a program wrote it (`Auto-Submitted`, RFC 3834; `Precedence: bulk`), so that no vacation
/// program answers. Blind recipients stand in the envelope only, never here.
package struct Message: Sendable, Equatable {
  package var from: Mailbox
  package var to: [Mailbox]
  package var replyTo: Mailbox?
  package var subject: String
  package var date: MailDate
  package var messageID: MessageID
  package var listID: ListID?
  /// Any of CRLF, LF and CR ends a line.
  package var text: String
  /// A whole HTML document.
  package var html: String
  /// An iCalendar object with the method PUBLISH, which is attached; nil: nothing is.
  package var calendar: String?

  package init(
    from: Mailbox, to: [Mailbox], replyTo: Mailbox? = nil, subject: String, date: MailDate,
    messageID: MessageID, listID: ListID? = nil, text: String, html: String,
    calendar: String? = nil
  ) {
    self.from = from
    self.to = to
    self.replyTo = replyTo
    self.subject = subject
    self.date = date
    self.messageID = messageID
    self.listID = listID
    self.text = text
    self.html = html
    self.calendar = calendar
  }

  /// The whole mail as 7-bit lines that end in CRLF; the same bytes for the same message, always.
  package func rendered() -> [UInt8] {
    let alternative = MIMEPart.multipart(
      "alternative",
      [.text("text/plain", text), .text("text/html", html)], boundary: Boundary(messageID, "alternative"))
    guard let calendar else { return alternative.rendered(after: headers) }
    let attachment = MIMEPart.text(
      "text/calendar", calendar, parameters: ["method=PUBLISH"], attachedAs: Self.calendarFile)
    return MIMEPart.multipart("mixed", [alternative, attachment], boundary: Boundary(messageID, "mixed"))
      .rendered(after: headers)
  }

  /// The name of the attached calendar's file.
  package static let calendarFile = "expire-dates.ics"

  /// All but those that say what the body is.
  private var headers: [Header] {
    var headers = [
      Header(name: "Date", tokens: [date.description]),
      Header(name: "From", mailboxes: [from]),
      to.isEmpty
        ? Header(name: "To", tokens: ["undisclosed-recipients:;"]) : Header(name: "To", mailboxes: to),
    ]
    if let replyTo { headers.append(Header(name: "Reply-To", mailboxes: [replyTo])) }
    headers += [
      Header(name: "Subject", text: subject),
      Header(name: "Message-ID", tokens: [messageID.description]),
    ]
    if let listID { headers.append(Header(name: "List-Id", tokens: listID.tokens)) }
    return headers + [
      Header(name: "Auto-Submitted", tokens: ["auto-generated"]),
      Header(name: "Precedence", tokens: ["bulk"]),
      Header(name: "MIME-Version", tokens: ["1.0"]),
    ]
  }
}
