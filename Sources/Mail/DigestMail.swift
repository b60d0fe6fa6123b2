import Retention

/// The mail about one owner's digest: its subject, its text and its HTML.
///
/// Its reader may never have heard of the program, so it says what this is, what expires when and why, and how to keep
/// what is needed. Names are decoded from the HTML entities that VCL's web stores.
package struct DigestMail: Sendable {
  /// Who reads it.
  package enum Recipient: Sendable, Equatable {
    /// The owner, greeted by a name as VCL stores it; empty: no name.
    case owner(greetingName: String)
    /// The site's admins in the stead of an owner; the description names the owner: a name, or a login.
    case admin(ownerDescription: String, Stead)
  }

  /// Why the admins get what an owner should.
  package enum Stead: Sendable, Equatable {
    /// The images have no owner; there is no description then.
    case noOwner
    /// The owner has no usable address.
    case noAddress
    /// The mail server refused the owner's mail.
    case refused
  }

  /// One line without control characters.
  package let subject: String
  /// Lines of at most 72 columns, longer only where one word is.
  package let text: String
  /// A whole document with inline styles and without images.
  package let html: String

  /// Writes the mail.
  ///
  /// `siteAddress` is where VCL's web is, a URL as a rule, and `helpAddress` whom to ask; nil when they are not known.
  /// `affiliation` is the owner's, such as `NCSU`, and may be empty. `minimumNoticeDays` lie between the first accepted
  /// notice and a deletion; 0 promises nothing.
  package init(
    digest: OwnerDigest, recipient: Recipient, siteAddress: String?, helpAddress: String?,
    affiliation: String,
    minimumNoticeDays: Int, templates: DigestTemplates
  ) {
    let fields = DigestFields(
      digest: digest, recipient: recipient, siteAddress: siteAddress, helpAddress: helpAddress,
      affiliation: affiliation, minimumNoticeDays: minimumNoticeDays
    ).root
    subject = DigestSubject(digest: digest, recipient: recipient).line
    text = TextWrapping.wrapped(templates.text.render(fields), columns: 72)
    html = templates.html.render(fields)
  }
}

extension OwnerDigest {
  /// Everything that has a date, the soonest first.
  var expiring: [Entry] {
    sorted(entries.filter { $0.expireDate != nil && $0.change != .safe && $0.change != .flagged })
  }

  func entries(of change: Change) -> [Entry] { sorted(entries.filter { $0.change == change }) }

  private func sorted(_ entries: [Entry]) -> [Entry] {
    entries.sorted {
      let left = ($0.expireDate?.number ?? 0, $0.image, $0.revision)
      return left < ($1.expireDate?.number ?? 0, $1.image, $1.revision)
    }
  }
}
