import MariaDB
import Retention
import VCLDatabase

/// The mail to the admins in the stead of one that its owner's server refused: they may know another way.
struct FallbackNotice {
  let connection: Connection
  let composer: DigestComposer

  /// Nil when there is nobody to tell, or nothing left to say.
  func of(mail: Int, ownerID: Int) throws -> Outbox.Fallback? {
    guard let person = composer.people.owners[ownerID], !composer.addresses.admins.isEmpty else { return nil }
    let entries = try OpenMails.entries(ofMail: mail, connection)
    guard !entries.isEmpty else { return nil }
    let owed = OwedDigest(
      owner: Owner(id: person.id, account: person.account),
      digest: OwnerDigest(today: composer.clock.today, entries: entries))
    return (person.id, entries, try composer.compose(owed, to: .fallback))
  }
}
