import Foundation
import Mail
import Retention
import VCLDatabase

/// Fills the placeholders in the site's words for one digest.
struct OwnerWords {
  let messages: SiteMessages
  let addresses: Addresses
  let people: People

  /// Nil where the program's own words apply.
  func words(_ owed: OwedDigest, helpAddress: String) -> SiteWords? {
    guard let message = messages.notice(affiliation: owed.owner?.account.affiliation) else { return nil }
    let person = owed.owner.flatMap { people.owners[$0.id] }
    let first =
      owed.digest.entries.filter { $0.expireDate != nil && $0.change != .flagged }
      .min { ($0.expireDate!, $0.revisionID) < ($1.expireDate!, $1.revisionID) } ?? owed.digest.entries.first
    func line(_ text: String?) -> String { PlainLine.of(HTMLEntities.decodedOnce(text ?? "")) }
    let firstName = line(person?.firstName)
    let preferred = line(person?.preferredName)
    let values: [MessagePlaceholder: String] = [
      .imageName: line(first?.image), .revision: first.map { String($0.revision) } ?? "",
      .revisionCreated: first?.createdOn.map(DateWords.short) ?? "",
      .noticeInterval: first?.expireDate.map { DateWords.count(max(0, $0 - owed.digest.today), "day") } ?? "",
      .ownerFirstName: firstName, .ownerLastName: line(person?.lastName),
      .ownerPreferredName: preferred.isEmpty ? firstName : preferred,
      .ownerLogin: person?.account.userName ?? "", .affiliation: person?.account.affiliation ?? "",
      .siteAddress: addresses.siteAddress(ownerID: owed.owner?.id) ?? "your VCL web site",
      .helpAddress: helpAddress, .managementNode: Self.node,
    ]
    return Self.filled(message, values)
  }

  /// The words above a summary; nil where the program's own words apply.
  func summary(helpAddress: String) -> SiteWords? {
    messages.summary.map {
      Self.filled(
        $0,
        [
          .siteAddress: addresses.siteAddress(ownerID: nil) ?? "your VCL web site",
          .helpAddress: helpAddress, .managementNode: Self.node,
        ])
    }
  }

  private static func filled(_ message: SiteMessage, _ values: [MessagePlaceholder: String]) -> SiteWords {
    SiteWords(
      subject: MessagePlaceholders.fill(message.subject, values),
      message: MessagePlaceholders.fill(message.message, values))
  }

  private static let node = String(ProcessInfo.processInfo.hostName.prefix { $0 != "." })
}
