import Mail
import MariaDB
import Retention
import VCLDatabase

/// Shows the mail that an owner would get; writes and sends nothing.
package struct MailPreviewOperation {
  let site: Site
  let options: CallOptions

  package init(_ site: Site, _ options: CallOptions) {
    self.site = site
    self.options = options
  }

  package enum Format: String, CaseIterable, Sendable {
    case text, html
    /// The whole mail, as it would go out.
    case eml
  }

  /// - Parameter owner: `unityid@Affiliation`.
  /// - Returns: the mail in that form, and what is to be known of it, nil for nothing.
  package func preview(
    _ owner: String, _ format: Format, _ progress: Progress
  ) throws -> (mail: String, note: String?) {
    let account = try MailDesk.account(owner)
    let desk = try MailDesk(site, options)
    let preparation = try Preparation(
      desk.connection, settings: site.settings, clock: desk.clock, policies: desk.policies, progress: progress
    )
    guard let person = preparation.people.owners.values.first(where: { $0.account == account }) else {
      throw Failure("\(account) owns no image; give an owner as unityid@Affiliation", .failed)
    }
    let digests = OwedDigests(
      plan: preparation.plan, facts: preparation.facts, policies: desk.policies,
      undelivered: try OpenMails.undeliveredNews(desk.connection))
    let due = digests.digests().first { $0.owner?.id == person.id }
    guard let owed = due ?? digests.digests(includingNotDue: true).first(where: { $0.owner?.id == person.id })
    else { throw Failure("there is nothing to tell \(account): no revision of theirs has a date", .failed) }
    guard let recipient = desk.composer.recipient(owed.owner) else {
      throw Failure("there is nobody to tell: \(account) and the admins have no usable mail address", .failed)
    }
    let previous = try CalendarRecords.read(desk.connection, ownerID: person.id)
    let mail = try desk.composer.mail(
      owed, to: recipient, calendar: desk.composer.calendar(owed, after: previous))
    let text =
      switch format {
      case .text:
        "To: \(mail.recipients.map(\.description).joined(separator: ", "))\nSubject: \(mail.digest.subject)\n\n"
          + mail.digest.text
      case .html: mail.digest.html
      case .eml: String(decoding: mail.message.rendered(), as: UTF8.self)
      }
    return (text, due == nil ? "no mail is due on \(desk.clock.today); this is what one would say" : nil)
  }
}
