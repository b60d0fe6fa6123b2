import Retention

/// Names of images as they are read: decoded from VCL's HTML entities, in one line, and never empty.
enum ImageName {
  static func of(_ stored: String) -> String {
    let name = StoredText.line(stored)
    return name.isEmpty ? "(image without a name)" : name
  }

  /// `Ubuntu 20.04 Base, revision 3`.
  static func ofRevision(_ entry: OwnerDigest.Entry) -> String {
    "\(of(entry.image)), revision \(entry.revision)"
  }
}

/// Text as VCL stores it.
enum StoredText {
  /// As one line to be read; empty for nil.
  static func line(_ text: String?) -> String { PlainLine.of(HTMLEntities.decodedOnce(text ?? "")) }
}
