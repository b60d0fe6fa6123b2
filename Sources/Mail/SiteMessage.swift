/// A message in the words of a site, as one row of VCL's `variable` table holds it.
///
/// The texts have LF line ends, no blanks at the ends of lines, and neither blanks nor empty lines at their ends: VCL
/// takes those away too when it sends a message. What is missing in the row, or has no value there, is empty.
package struct SiteMessage: Sendable, Equatable {
  /// One line.
  package let subject: String
  package let message: String
  /// For the places where VCL has room for one sentence only.
  package let shortMessage: String
  /// The words in brackets that VCL found unknown when it checked the row, such as `[user_name]`, in their order.
  package let invalidFields: [String]

  package init(subject: String, message: String, shortMessage: String = "", invalidFields: [String] = []) {
    self.subject = subject
    self.message = message
    self.shortMessage = shortMessage
    self.invalidFields = invalidFields
  }

  /// Whether both say the same, whoever wrote them and whatever VCL noted about them.
  package func hasSameWords(as other: SiteMessage) -> Bool {
    subject == other.subject && message == other.message && shortMessage == other.shortMessage
  }

  /// Whether the message is a document of HTML, as VCL's script for messages can store one. VCL's editor removes
  /// tags and does not show such a message.
  package var isHTML: Bool {
    let text = message.lowercased()
    return ["</", "<br", "<p>", "<html", "<!doctype"].contains { text.contains($0) }
  }
}
