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
  /// What the parser complains about.
  package let defects: [String]

  /// The values of a header, in their order.
  package func values(of name: String) -> [String] {
    headers.filter { $0[0].lowercased() == name.lowercased() }.map { $0[1] }
  }

  /// Parses mails, in one Python process for all.
  package static func parse(_ mails: [[UInt8]]) throws -> [PythonEmail] {
    try answer("parse_mail.py", mails)
  }

  /// What a script of the mail tests answers to mails: a list of base 64 texts in, JSON with snake_case keys out.
  package static func answer<T: Decodable>(_ script: String, _ mails: [[UInt8]]) throws -> T {
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "MailTests/\(script)")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.path]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    // The script reads all before it writes, so neither pipe can fill while the other is waited for.
    let list = mails.map { Data($0).base64EncodedString() }
    try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(list))
    try input.fileHandleForWriting.close()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(T.self, from: answer)
  }
}
