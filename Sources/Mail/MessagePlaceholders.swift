/// The words in brackets that can stand in a site's words, each a name that VCL knows too: in a row with any other VCL
/// notes `invalidfields` and tells the admins.
package enum MessagePlaceholder: String, CaseIterable, Sendable {
  /// The display name of the image; of the first one where there are several.
  case imageName = "image_prettyname"
  /// The number of the revision that expires first.
  case revision = "imagerevision_revision"
  /// The day on which that revision was made.
  case revisionCreated = "imagerevision_date_created"
  /// How long it is until the first date, in words such as "14 days".
  case noticeInterval = "notice_interval"
  /// The owner's first name.
  case ownerFirstName = "user_firstname"
  /// The owner's last name.
  case ownerLastName = "user_lastname"
  /// The name by which the owner wants to be called; the first name where there is none.
  case ownerPreferredName = "user_preferred_name"
  /// The name with which the owner logs in.
  case ownerLogin = "user_login_id"
  /// The name of the owner's affiliation.
  case affiliation = "user_affiliation_name"
  /// The address of the VCL web site for the owner's affiliation.
  case siteAddress = "user_affiliation_sitewwwaddress"
  /// Where people of the owner's affiliation write to for help.
  case helpAddress = "user_affiliation_helpaddress"
  /// The short name of the management node that sends the mail.
  case managementNode = "management_node_short_name"

  /// What it stands for, for a table of all.
  package var meaning: String {
    switch self {
    case .imageName: "the image; the first one where there are several"
    case .revision: "the number of the revision that expires first"
    case .revisionCreated: "the day on which that revision was made"
    case .noticeInterval: "how long it is until the first date, such as 14 days"
    case .ownerFirstName: "the owner's first name"
    case .ownerLastName: "the owner's last name"
    case .ownerPreferredName: "the name the owner wants to be called by, else the first name"
    case .ownerLogin: "the name with which the owner logs in"
    case .affiliation: "the owner's affiliation"
    case .siteAddress: "the address of the VCL web site"
    case .helpAddress: "where to write to for help"
    case .managementNode: "the management node that sends the mail"
    }
  }
}

package enum MessagePlaceholders {
  /// The text with every bracketed name that has a value replaced by it.
  ///
  /// One pass: what a value brings in is never replaced again. A name without a value stays as it is, brackets and
  /// all, as VCL leaves it.
  package static func fill(_ text: String, _ values: [String: String]) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "[") {
      result += rest[..<open]
      rest = rest[open...]
      let name = rest.dropFirst().prefix { $0 != "[" && $0 != "]" }
      if name.endIndex < rest.endIndex, rest[name.endIndex] == "]", let value = values[String(name)] {
        result += value
        rest = rest[rest.index(after: name.endIndex)...]
      } else {
        // Another bracket may open within: the text goes on after this one.
        result.append("[")
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  package static func fill(_ text: String, _ values: [MessagePlaceholder: String]) -> String {
    fill(text, Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) }))
  }
}
