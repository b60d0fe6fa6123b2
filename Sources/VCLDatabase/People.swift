import Assets
import MariaDB
import Retention

/// An owner of images, as VCL knows the person: everything as stored, unchecked.
package struct Person: Sendable {
  package let id: Int
  package let account: Account
  package let firstName: String
  package let lastName: String
  package let preferredName: String
  /// May hold several addresses separated by commas, none, or what is no address.
  package let email: String
  /// `affiliation.helpaddress`: the sender of the mails to this owner.
  package let helpAddress: String
  /// `affiliation.sitewwwaddress`.
  package let siteAddress: String
}

/// The people and addresses that notices need.
package struct People: Sendable {
  package let owners: [Int: Person]
  /// Of the affiliation Global, for those whose own affiliation has none.
  package let globalHelpAddress: String
  package let globalSiteAddress: String
  /// `managementnode.sysadminEmailAddress` of the nodes in service; as stored, several in one value are possible.
  package let adminAddresses: [String]
  /// `managementnode.sharedMailBox` of the nodes in service.
  package let sharedMailboxes: [String]

  package static func read(_ connection: Connection) throws -> People {
    var owners: [Int: Person] = [:]
    try connection.query(Assets.Queries.owners) { row in
      owners[row.int(0)] = Person(
        id: row.int(0), account: Account(userName: row.string(1), affiliation: row.string(2)),
        firstName: row.string(3), lastName: row.string(8), preferredName: row.optionalString(4) ?? "",
        email: row.string(5), helpAddress: row.optionalString(6) ?? "",
        siteAddress: row.optionalString(7) ?? "")
    }
    let global = try connection.first(Assets.Queries.globalAffiliation) {
      ($0.optionalString(0) ?? "", $0.optionalString(1) ?? "")
    }
    let nodes = try connection.rows(Assets.Queries.managementNodeAddresses) {
      ($0.optionalString(0) ?? "", $0.optionalString(1) ?? "")
    }
    return People(
      owners: owners, globalHelpAddress: global?.0 ?? "", globalSiteAddress: global?.1 ?? "",
      adminAddresses: nodes.map(\.0).filter { !$0.isEmpty },
      sharedMailboxes: nodes.map(\.1).filter { !$0.isEmpty })
  }
}

extension People {
  /// The user of VCL with that account, whatever the case of its letters; nil when there is none.
  package static func user(_ account: Account, _ connection: Connection) throws -> Owner? {
    try connection.first(
      Assets.Queries.userOfAccount, [Value(account.userName), Value(account.affiliation)]
    ) { Owner(id: $0.int(0), account: Account(userName: $0.string(1), affiliation: $0.string(2))) }
  }
}
