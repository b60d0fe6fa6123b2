import Mail

/// The forms of a password, to be kept out of outcomes: a server may repeat what it was told.
struct Secrets {
  private let forms: [String]

  init(user: String?, password: String?) {
    guard let user, let password else {
      forms = []
      return
    }
    // As written, and as AUTH LOGIN and AUTH PLAIN (RFC 4616) write it, with or without the padding.
    let encoded = [Base64.encoded(password), Base64.encoded("\0\(user)\0\(password)")]
      .map { String($0.prefix { $0 != "=" }) }
    // A reply was made one line already, and its blanks with it.
    forms = Set([password, PlainLine.of(password)] + encoded).filter { !$0.isEmpty }
      .sorted { $0.utf8.count > $1.utf8.count }
  }

  /// Cuts the texts of an outcome to their limit too, after the secrets are gone: a cut one would not be found.
  func remove(from outcome: inout DeliveryOutcome) {
    outcome.reply = removed(from: outcome.reply)
    for index in outcome.recipients.indices {
      outcome.recipients[index].text = removed(from: outcome.recipients[index].text)
    }
  }

  /// The text without them, cut to the limit of an outcome.
  func removed(from text: String) -> String {
    Reply.cut(forms.reduce(text) { $0.replacing($1, with: "***") }, limit: Reply.limit)
  }
}
