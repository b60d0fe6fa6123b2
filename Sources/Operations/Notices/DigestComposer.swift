import Mail
import MariaDB
import Retention
import Settings
import VCLDatabase

/// Makes the mail of an owed digest.
struct DigestComposer {
  let addresses: Addresses
  let people: People
  let policies: PolicySet
  let clock: Clock
  /// 0: outside of any run.
  let runID: Int
  let templates: DigestTemplates
  let messages: SiteMessages
  /// Base URL of the page on which owners keep revisions; nil when the site has none.
  let keepServer: String?

  /// A mail before it is put on its way.
  struct Mail {
    let letterhead: Letterhead
    let digest: DigestMail
    let recipients: [MailAddress]
    let message: Message
  }

  /// Who gets the digest of an owner: the owner, or the admins when the owner has no usable address; nil when
  /// there is nobody.
  func recipient(_ owner: Owner?) -> Notice.Recipient? {
    if let owner, addresses.owners[owner.id] != nil { return .owner }
    return addresses.admins.isEmpty ? nil : .admin
  }

  /// What the calendar of a digest's reader holds after it.
  func calendar(_ owed: OwedDigest, after previous: [CalendarEntry]) throws -> [CalendarEntry] {
    let letterhead = try letterhead(owed)
    var number = 0
    return CalendarEntries.next(previous: previous, digest: owed.digest) {
      number += 1
      return
        "\(letterhead.identity(runID: runID)).\(owed.owner?.id ?? 0).\(number)@\(letterhead.sender.domain)"
    }
  }

  /// - Parameters:
  ///   - messageID: of an earlier attempt whose outcome is unknown, so that clients show the mail once.
  ///   - calendar: the entries that go with the mail; the copy of a refused mail has none.
  /// - Throws: ``Failure`` when there is no sender address.
  func mail(
    _ owed: OwedDigest, to recipient: Notice.Recipient, messageID: String? = nil,
    calendar: [CalendarEntry] = []
  ) throws -> Mail {
    let letterhead = try letterhead(owed)
    let person = owed.owner.flatMap { people.owners[$0.id] }
    let help = letterhead.sender.description
    let words = OwnerWords(messages: messages, addresses: addresses, people: people)
    let context = DigestContext(
      recipient: reader(recipient, person), siteAddress: addresses.siteAddress(ownerID: owed.owner?.id),
      helpAddress: help, affiliation: owed.owner?.account.affiliation ?? "",
      minimumNoticeDays: policies.policy(affiliation: owed.owner?.account.affiliation).minimumNoticeDays,
      restorableUntil: restorableUntil(owed.digest.today), serverAddress: keepServer,
      words: words.words(owed, helpAddress: help))
    let digest = DigestMail(digest: owed.digest, context: context, templates: templates)
    let to = recipient == .owner ? owed.owner.flatMap { addresses.owners[$0.id] } ?? [] : addresses.admins
    let owner = owed.owner.map { String($0.id) } ?? "none"
    let isCalendarSent = !calendar.isEmpty && recipient != .fallback
    let message = try letterhead.message(
      to: to, subject: digest.subject,
      messageID: messageID ?? "\(letterhead.identity(runID: runID)).\(owner).\(recipient.rawValue)",
      text: digest.text, html: digest.html,
      calendar: isCalendarSent
        ? CalendarText(
          calendar, digest: owed.digest, context: context, date: try letterhead.date(),
          organizer: letterhead.from
        ).text : nil)
    return Mail(letterhead: letterhead, digest: digest, recipients: to, message: message)
  }

  /// As it goes into the outbox; the parameters are those of ``mail(_:to:messageID:calendar:)``.
  func compose(
    _ owed: OwedDigest, to recipient: Notice.Recipient, messageID: String? = nil,
    calendar: [CalendarEntry] = []
  ) throws -> Outbox.Composed {
    let mail = try mail(owed, to: recipient, messageID: messageID, calendar: calendar)
    return Outbox.Composed(
      sender: mail.letterhead.sender.description, recipients: mail.recipients.map(\.description),
      blindRecipients: addresses.sharedMailboxes.filter { !mail.recipients.contains($0) }.map(\.description),
      subject: mail.digest.subject, messageID: mail.message.messageID.description,
      message: mail.message.rendered())
  }

  private func letterhead(_ owed: OwedDigest) throws -> Letterhead {
    guard let sender = addresses.sender(ownerID: owed.owner?.id) else { throw Letterhead.noSender }
    return Letterhead(sender: sender, clock: clock)
  }

  /// Files go so many days after the flag; without a number they stay, and no day can be named.
  private func restorableUntil(_ today: Day) -> Day? {
    policies.site.purgeDays > 0 ? today + policies.site.purgeDays : nil
  }

  private func reader(_ recipient: Notice.Recipient, _ person: Person?) -> DigestMail.Recipient {
    guard let person else { return .admin(ownerDescription: "", .noOwner) }
    let name = person.preferredName.isEmpty ? person.firstName : person.preferredName
    switch recipient {
    case .owner: return .owner(greetingName: name)
    case .admin: return .admin(ownerDescription: person.account.description, .noAddress)
    case .fallback: return .admin(ownerDescription: person.account.description, .refused)
    }
  }
}
