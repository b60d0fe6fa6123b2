import Assets
import Campus
import Foundation
import MariaDB

/// An outbox full of mails on a private server, and the ways to get mails of that size to a mail server.
struct MailSource {
  let server: PrivateServer
  private let connection: Connection
  private static let database = "vcl"
  private let count: Int
  private let bytes: Int

  init(count: Int, bytes: Int) throws {
    self.count = count
    self.bytes = bytes
    server = try PrivateServer(arguments: ["--innodb-buffer-pool-size=256M", "--innodb-log-file-size=256M"])
    try Connection(server.options()).executeScript(Assets.Benchmark.createDatabase)
    connection = try Connection(server.options(database: Self.database))
    try connection.executeScript(Assets.Vcl.vclSchema)
    try CampusBuilder(connection).loadBaseRows()
    let environment = [
      "EXPIREIMAGE_DATABASE_SOCKET": server.socket, "EXPIREIMAGE_DATABASE_NAME": Self.database,
      "EXPIREIMAGE_DATABASE_USER": "root", "EXPIREIMAGE_MAIL_FROM": "vcl@example.edu",
    ]
    for (key, value) in environment { setenv(key, value, 1) }
    _ = try Measured([Measured.program, "migrate", "up"]).once()
    try connection.execute(Assets.Benchmark.modeFlag)
    // In small pieces: what this process once held counts as the peak of those that it starts.
    for start in stride(from: 1, through: count, by: 100) {
      try queue(mails: start..<min(start + 100, count + 1))
    }
  }

  private func queue(mails: Range<Int>) throws {
    try connection.executeBulk(
      Assets.Benchmark.insertMail,
      rows: mails.map { number in
        [
          Value(number), .text("owner\(number)@example.edu"), .text("Digest \(number)"),
          .text("<\(number)@example.edu>"),
        ]
      })
    try connection.executeBulk(
      Assets.Queries.insertMessage,
      rows: mails.map { number in
        let head =
          "From: vcl@example.edu\r\nTo: owner\(number)@example.edu\r\nSubject: Digest \(number)\r\n"
          + "Message-ID: <\(number)@example.edu>\r\n\r\n"
        let line = String(repeating: "x", count: 70) + "\r\n"
        let message = head + String(repeating: line, count: (bytes - head.utf8.count) / 72)
        return [Value(number), .bytes(Array(message.utf8))]
      })
  }

  /// Delivers from the outbox, as one call of the program; the mails wait again before.
  ///
  /// - Returns: mails in a second, the peak of its memory, and how many cores all processes of the machine kept busy.
  func outbox(
    to port: Int, connections: Int, mails: Int? = nil
  ) throws -> (rate: Double, peakKibibytes: Int, busyCores: Double) {
    let mails = mails ?? count
    try connection.execute(Assets.Benchmark.queueMailsAgain, [Value(mails)])
    // The server throws the rows' old versions away meanwhile, which no delivery has to pay for.
    sleep(2)
    setenv("EXPIREIMAGE_SMTP_URL", "smtp://127.0.0.1:\(port)", 1)
    setenv("EXPIREIMAGE_SMTP_CONNECTIONS", String(connections), 1)
    let before = try ProcessorTime()
    let run = try Measured([Measured.program, "mail", "retry"]).once()
    let busyCores = try ProcessorTime().busyCores(since: before)
    let left = try connection.first(Assets.Benchmark.undeliveredMails, []) { $0.int(0) } ?? 0
    guard left == 0 else { throw Measured.Failed(description: "\(left) mails were not accepted") }
    return (Double(mails) / run.seconds, run.peakKibibytes, busyCores)
  }

  /// Postfix's own load generator: the same bytes over one connection, from no database.
  func smtpSource(to port: Int) throws -> Double {
    let run = try Measured([
      "smtp-source", "-d", "-s", "1", "-m", String(count), "-l", String(bytes), "-f", "vcl@example.edu", "-t",
      "owner@example.edu", "127.0.0.1:\(port)",
    ]).once()
    return Double(count) / run.seconds
  }

  /// What a script would do: a message built for each mail, one connection, from no database.
  func python(to port: Int) throws -> Double {
    let run = try Measured(["python3", "-c", Self.script, String(port), String(count), String(bytes)]).once()
    return Double(count) / run.seconds
  }

  private static let script = """
    from email.message import EmailMessage
    from smtplib import SMTP
    from sys import argv
    port, count, size = map(int, argv[1:])
    text = ("x" * 70 + "\\n") * (size // 2 // 71)
    server = SMTP("127.0.0.1", port)
    for number in range(count):
        message = EmailMessage()
        message["From"] = "vcl@example.edu"
        message["To"] = f"owner{number}@example.edu"
        message["Subject"] = f"Digest {number}"
        message.set_content(text)
        message.add_alternative("<p>" + text + "</p>", subtype="html")
        server.send_message(message)
    server.quit()
    """
}
