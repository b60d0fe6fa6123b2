import Mail
import Retention
import VCLDatabase

/// Makes the mail of an owed digest.
struct DigestComposer {
  let addresses: Addresses
  let people: People
  let policies: PolicySet
  let clock: Clock
  let runID: Int
  let templates: DigestTemplates
  /// Base URL of the page on which owners keep revisions; nil when the site has none.
  var serverAddress: String?

  /// Who gets the digest of an owner: the owner, or the admins when the owner has no usable address; nil when
  /// there is nobody.
  func recipient(_ owner: Owner?) -> Notice.Recipient? {
    if let owner, addresses.owners[owner.id] != nil { return .owner }
    return addresses.admins.isEmpty ? nil : .admin
  }

  /// - Parameters:
  ///   - messageID: of an earlier attempt whose outcome is unknown, so that clients show the mail once.
  ///   - calendar: the entries that go with the mail; the copy of a refused mail has none.
  ///   - words: the site's, with their placeholders filled in for this owner.
  /// - Throws: ``Failure`` when there is no sender address.
  func compose(
    _ owed: OwedDigest, to recipient: Notice.Recipient, messageID: String? = nil,
    calendar: [CalendarEntry] = [], words: SiteWords? = nil
  ) throws -> Outbox.Composed {
    guard let sender = addresses.sender(ownerID: owed.owner?.id) else { throw DigestComposer.noSender }
    let person = owed.owner.flatMap { people.owners[$0.id] }
    let policy = policies.policy(affiliation: owed.owner?.account.affiliation)
    let context = DigestContext(
      recipient: reader(recipient, person), siteAddress: addresses.siteAddress(ownerID: owed.owner?.id),
      helpAddress: sender.description, affiliation: owed.owner?.account.affiliation ?? "",
      minimumNoticeDays: policy.minimumNoticeDays, restorableUntil: restorableUntil(owed.digest.today),
      serverAddress: serverAddress, words: words)
    let mail = DigestMail(digest: owed.digest, context: context, templates: templates)
    let to = recipient == .owner ? owed.owner.flatMap { addresses.owners[$0.id] } ?? [] : addresses.admins
    let time = clock.now.second
    guard
      let date = MailDate(
        day: clock.today, hour: time / 3600, minute: time / 60 % 60, second: time % 60,
        offsetMinutes: clock.utcOffsetMinutes),
      let id = MessageID(messageID ?? newMessageID(owed, recipient, sender))
    else { throw Failure("composing a mail: the database server's clock reads \(clock.now)", .failed) }
    let from = Mailbox(sender, displayName: "VCL image expiry")
    let message = Message(
      from: from, to: to.map { Mailbox($0) },
      replyTo: Mailbox(sender), subject: mail.subject, date: date, messageID: id,
      listID: ListID(label: "VCL image expiry", identifier: "expireimage.\(sender.domain)"), text: mail.text,
      html: mail.html,
      calendar: calendar.isEmpty || recipient == .fallback
        ? nil
        : CalendarText(calendar, digest: owed.digest, context: context, date: date, organizer: from).text)
    return Outbox.Composed(
      sender: sender.description, recipients: to.map(\.description),
      blindRecipients: addresses.sharedMailboxes.map(\.description).filter {
        !to.map(\.description).contains($0)
      },
      subject: mail.subject, messageID: id.description, message: message.rendered())
  }

  static let noSender = Failure(
    "no sender address for the notices: neither the affiliation Global has a help address nor mail.from is set;"
      + " set mail.from",
    .configurationInvalid)

  /// Files go so many days after the flag; without a number they stay, and no day can be named.
  private func restorableUntil(_ today: Day) -> Day? {
    policies.site.purgeDays > 0 ? today + policies.site.purgeDays : nil
  }

  private func newMessageID(_ owed: OwedDigest, _ recipient: Notice.Recipient, _ sender: MailAddress)
    -> String
  {
    let moment = "\(clock.now)".filter(\.isNumber)
    let owner = owed.owner.map { String($0.id) } ?? "none"
    return "expireimage.\(moment).\(runID).\(owner).\(recipient.rawValue)@\(sender.domain)"
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
