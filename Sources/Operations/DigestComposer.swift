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

  /// Who gets the digest of an owner: the owner, or the admins when the owner has no usable address; nil when
  /// there is nobody.
  func recipient(_ owner: Owner?) -> Notice.Recipient? {
    if let owner, addresses.owners[owner.id] != nil { return .owner }
    return addresses.admins.isEmpty ? nil : .admin
  }

  /// - Parameter messageID: of an earlier attempt whose outcome is unknown, so that clients show the mail once.
  /// - Throws: ``Failure`` when there is no sender address.
  func compose(
    _ owed: OwedDigest, to recipient: Notice.Recipient, messageID: String? = nil
  ) throws -> Outbox.Composed {
    guard let sender = addresses.sender(ownerID: owed.owner?.id) else { throw DigestComposer.noSender }
    let person = owed.owner.flatMap { people.owners[$0.id] }
    let policy = policies.policy(affiliation: owed.owner?.account.affiliation)
    let mail = DigestMail(
      digest: owed.digest, recipient: reader(recipient, person),
      siteAddress: addresses.siteAddress(ownerID: owed.owner?.id), helpAddress: sender.description,
      affiliation: owed.owner?.account.affiliation ?? "", minimumNoticeDays: policy.minimumNoticeDays,
      templates: templates)
    let to = recipient == .owner ? owed.owner.flatMap { addresses.owners[$0.id] } ?? [] : addresses.admins
    let time = clock.now.second
    guard
      let date = MailDate(
        day: clock.today, hour: time / 3600, minute: time / 60 % 60, second: time % 60,
        offsetMinutes: clock.utcOffsetMinutes),
      let id = MessageID(messageID ?? newMessageID(owed, recipient, sender))
    else { throw Failure("composing a mail: the database server's clock reads \(clock.now)", .failed) }
    let message = Message(
      from: Mailbox(sender, displayName: "VCL image expiry"), to: to.map { Mailbox($0) },
      replyTo: Mailbox(sender), subject: mail.subject, date: date, messageID: id,
      listID: ListID(label: "VCL image expiry", identifier: "expireimage.\(sender.domain)"), text: mail.text,
      html: mail.html)
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
