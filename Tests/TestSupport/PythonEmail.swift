import Foundation

/// A mail as Python's `email` package reads it.
package struct PythonEmail: Decodable, Sendable {
  package let headers: [[String]]
  package let fromName: String
  package let fromAddress: String
  package let to: [String]
  package let subject: String
  /// ISO 8601 with the offset.
  package let date: String
  package let contentType: String
  /// The content types of the mail and its parts, from the outside in.
  package let parts: [String]
  package let text: String
  package let html: String
  /// The calendar part, with LF as the line end.
  package let calendar: String?
  /// The names of the files that are attached.
  package let attachments: [String]
  /// What the parser complains about.
  package let defects: [String]

  /// The values of a header, in their order.
  package func values(of name: String) -> [String] {
    headers.filter { $0[0].lowercased() == name.lowercased() }.map { $0[1] }
  }

  /// Parses mails, in one Python process for all.
  package static func parse(_ mails: [[UInt8]]) throws -> [PythonEmail] {
    try PythonScript.run("parse_mail.py", mails.map { Data($0).base64EncodedString() })
  }
}
