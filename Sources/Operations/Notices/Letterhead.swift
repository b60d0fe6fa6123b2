import Mail
import Retention
import VCLDatabase

/// What is the same in every mail of a call: who sends it, when, and what a reader's filter can go by.
struct Letterhead {
  let sender: MailAddress
  let clock: Clock

  static let noSender = Failure(
    "no sender address for the notices: neither the affiliation Global has a help address nor mail.from is set;"
      + " set mail.from",
    .configurationInvalid)

  var from: Mailbox { Mailbox(sender, displayName: "VCL image expiry") }

  /// - Throws: ``Failure`` for a clock that shows no time.
  func date() throws -> MailDate {
    let time = clock.now.second
    guard
      let date = MailDate(
        day: clock.today, hour: time / 3600, minute: time / 60 % 60, second: time % 60,
        offsetMinutes: clock.utcOffsetMinutes)
    else { throw Failure("composing a mail: the database server's clock reads \(clock.now)", .failed) }
    return date
  }

  /// - Parameter messageID: what stands left of the `@`, or a whole Message-ID.
  func message(
    to: [MailAddress], subject: String, messageID: String, text: String, html: String, calendar: String? = nil
  ) throws -> Message {
    guard let id = MessageID(messageID.contains("@") ? messageID : "\(messageID)@\(sender.domain)") else {
      throw Failure("composing a mail: '\(messageID)' is no Message-ID", .failed)
    }
    return Message(
      from: from, to: to.map { Mailbox($0) }, replyTo: Mailbox(sender), subject: subject, date: try date(),
      messageID: id, listID: ListID(label: "VCL image expiry", identifier: "expireimage.\(sender.domain)"),
      text: text, html: html, calendar: calendar)
  }

  /// The beginning of an identity that no other call uses.
  func identity(runID: Int) -> String { "expireimage.\("\(clock.now)".filter(\.isNumber)).\(runID)" }
}
