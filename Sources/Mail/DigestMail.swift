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

  package init(digest: OwnerDigest, context: DigestContext, templates: DigestTemplates) {
    let sections = DigestSections(digest)
    let fields = DigestFields.fields.object(DigestFields(digest, sections: sections, context: context))
    let generated = DigestSubject(today: digest.today, sections: sections, recipient: context.recipient).line
    subject = context.ownerWords?.subject(before: generated) ?? generated
    text = TextWrapping.wrapped(templates.text.render(fields), columns: 72)
    html = templates.html.render(fields)
  }
}
