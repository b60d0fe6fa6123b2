import Foundation

/// Debian's mail server chasquid as a private child process on loopback, with mailboxes that can be read.
///
/// It takes mail for the users of one domain only, and from whoever gives the password also for the world, where none of
/// it goes. `.ci/setup` provides the program without installing it, for the package would start a service.
package final class RealMailServer: Sendable {
  package static let domain = "vcl.test"
  /// The user that may log in, as `sender@vcl.test`.
  package static let user = "sender@\(domain)"
  package static let password = "correct-horse-battery"

  package struct StartError: Error, CustomStringConvertible {
    package let description: String
  }

  /// `smtp://127.0.0.1:port`; the server offers STARTTLS.
  package let url: String
  /// The PEM file of the authority of its certificate.
  package let authorityFile: String
  private let mailboxes: String
  private let process: ChildProcess

  /// Starts the server and waits until it answers.
  /// - Parameter users: the local parts of its mailboxes.
  package init(users: [String]) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mta-\(UUID().uuidString)").path
    let certificates = "\(folder)/configuration/certs/mx.\(Self.domain)"
    mailboxes = "\(folder)/mailboxes"
    for path in [certificates, "\(folder)/configuration/domains/\(Self.domain)", mailboxes] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    let authority = try TestAuthority("authority", in: folder)
    let certificate = try authority.certificate("server", for: "IP:127.0.0.1")
    try FileManager.default.moveItem(atPath: certificate.file, toPath: "\(certificates)/fullchain.pem")
    try FileManager.default.moveItem(atPath: certificate.keyFile, toPath: "\(certificates)/privkey.pem")
    let port = LoopbackPort.free()
    try Self.configuration(port: port, folder: folder)
      .write(toFile: "\(folder)/configuration/chasquid.conf", atomically: true, encoding: .utf8)
    for user in users + ["sender"] {
      let arguments = [
        "-C=\(folder)/configuration", "user-add", "\(user)@\(Self.domain)", "--password=\(Self.password)",
      ]
      let adding = try Process.run(try Self.program("chasquid-util"), arguments: arguments)
      adding.waitUntilExit()
    }
    authorityFile = authority.file
    url = "smtp://127.0.0.1:\(port)"
    process = try ChildProcess(
      try Self.program("chasquid").path,
      ["-config_dir=\(folder)/configuration", "-logfile=\(folder)/log"], folder: folder)
    for _ in 0..<200 where !LoopbackPort.answers(port) { usleep(50_000) }
    guard LoopbackPort.answers(port) else {
      let log = try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)
      throw StartError(description: "chasquid does not answer: \(log ?? "it wrote no log")")
    }
  }

  /// The mails of a user once there are so many, or after ten seconds, as Python's `mailbox` module reads them; line
  /// ends are LF.
  package func mails(of user: String, count: Int) throws -> [[UInt8]] {
    let maildir = "\(mailboxes)/\(user)"
    func isComplete() -> Bool {
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(maildir)/new"))?.count ?? 0) >= count
    }
    for _ in 0..<200 where !isComplete() { usleep(50_000) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "read_maildir.py").path
    process.arguments = ["python3", script, maildir]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw StartError(description: "\(maildir) cannot be read") }
    return try JSONDecoder().decode([Data].self, from: answer).map { Array($0) }
  }

  private static func configuration(port: Int, folder: String) -> String {
    // Delivery is a program that gets the mail on its standard input.
    let deliver = """
      folder=$1/$2
      mkdir -p "$folder/tmp" "$folder/new" "$folder/cur"
      file=$(mktemp "$folder/tmp/XXXXXXXXXX")
      cat >"$file"
      mv "$file" "$folder/new/"
      """
    let arguments = ["-ec", deliver, "deliver", "\(folder)/mailboxes", "%to_user%"].map {
      let quoted = $0.replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
      return "mail_delivery_agent_args: \"\(quoted)\""
    }
    return """
      hostname: "mx.\(domain)"
      smtp_address: "127.0.0.1:\(port)"
      data_dir: "\(folder)/data"
      mail_log_path: "\(folder)/mail.log"
      mail_delivery_agent_bin: "/bin/sh"
      \(arguments.joined(separator: "\n"))
      """
  }

  /// A program of the package: installed, or where `.ci/setup` has put it.
  private static func program(_ name: String) throws -> URL {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let candidates = [
      URL(filePath: "/usr/bin/\(name)"), root.appending(path: ".build/debian/chasquid/usr/bin/\(name)"),
    ]
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })
    else { throw StartError(description: "no program \(name): run .ci/setup") }
    return found
  }
}
