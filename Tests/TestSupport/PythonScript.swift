import Foundation

/// A script of the tests that reads JSON and writes JSON.
package enum PythonScript {
  /// Runs it with Debian's Python, which is the one that Debian's packages are for.
  ///
  /// - Parameter folder: of the tests beside which it stands.
  package static func run<Answer: Decodable>(
    _ name: String, in folder: String = "MailTests", _ input: some Encodable
  ) throws -> Answer {
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "\(folder)/\(name)")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [script.path]
    let standardInput = Pipe()
    let standardOutput = Pipe()
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    try process.run()
    // The scripts read all before they write, so neither pipe can fill while the other is waited for.
    try standardInput.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(input))
    try standardInput.fileHandleForWriting.close()
    let answer = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Answer.self, from: answer)
  }
}
