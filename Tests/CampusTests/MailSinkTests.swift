import Campus
import Foundation
import TestSupport
import Testing

@Suite("The mail sink")
struct MailSinkTests {
  /// A folder of this test's own, removed with it.
  final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "mail-sink-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func bytes(_ file: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: URL(filePath: path).appending(path: file)))
    }
  }

  let folder = Folder()

  /// What Python's own SMTP client says of a conversation: one line for each mail, the reply or the refusals.
  private func send(_ mails: String, to sink: MailSink) throws -> String {
    let script = """
      import smtplib, sys
      client = smtplib.SMTP("127.0.0.1", \(sink.port), timeout=20)
      def send(sender, recipients, data):
          try:
              refused = client.sendmail(sender, recipients, data)
              print("sent", sorted((a, r[0]) for a, r in refused.items()))
          except smtplib.SMTPRecipientsRefused as error:
              print("refused", sorted((a, r[0]) for a, r in error.recipients.items()))
      \(mails)
      client.quit()
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: answer, as: UTF8.self)
  }

  @Test("writes every mail to a numbered file, byte for byte, with dots unstuffed")
  func files() throws {
    let sink = try MailSink(folder: folder.path)
    let answer = try send(
      """
      send("a@example.edu", ["b@example.edu", "c@example.edu"], b"Subject: One\\r\\n\\r\\n.dot\\r\\n..\\r\\nend\\r\\n")
      send("", ["d@example.edu"], b"Subject: Two\\r\\n\\r\\n\\xc3\\xa9\\r\\n")
      """, to: sink)
    #expect(answer == "sent []\nsent []\n")
    #expect(sink.mails.map(\.file) == ["0001.eml", "0002.eml"])
    #expect(sink.mails.map(\.number) == [1, 2])
    #expect(sink.mails.map(\.sender) == ["a@example.edu", ""])
    #expect(sink.mails.map(\.recipients) == [["b@example.edu", "c@example.edu"], ["d@example.edu"]])
    let first = Array("Subject: One\r\n\r\n.dot\r\n..\r\nend\r\n".utf8)
    #expect(sink.mails.first?.data == first)
    #expect(try folder.bytes("0001.eml") == first)
    #expect(try folder.bytes("0002.eml") == Array("Subject: Two\r\n\r\né\r\n".utf8))
  }

  @Test("refuses a mailbox that is gone with 550, whatever the case, and takes the other recipients")
  func refusal() throws {
    let sink = try MailSink(folder: folder.path, refusing: ["Gone@example.edu"])
    let mails = """
      send("a@example.edu", ["gone@EXAMPLE.edu"], b"Subject: One\\r\\n\\r\\n")
      send("a@example.edu", ["gone@example.edu", "b@example.edu"], b"Subject: Two\\r\\n\\r\\n")
      """
    let refusals = "refused [('gone@EXAMPLE.edu', 550)]\nsent [('gone@example.edu', 550)]\n"
    #expect(try send(mails, to: sink) == refusals)
    #expect(sink.mails.map(\.recipients) == [["b@example.edu"]])

    sink.refuse("GONE@example.edu", false)
    #expect(try send(mails, to: sink) == "sent []\nsent []\n")
    #expect(sink.mails.count == 3)
  }

  @Test("takes several conversations at once")
  func concurrency() throws {
    let sink = try MailSink(folder: folder.path)
    let answer = try send(
      """
      other = smtplib.SMTP("127.0.0.1", \(sink.port), timeout=20)
      other.ehlo()
      for number in range(20):
          send("a@example.edu", ["b@example.edu"], b"Subject: %d\\r\\n\\r\\n" % number)
          other.sendmail("c@example.edu", ["d@example.edu"], b"Subject: other\\r\\n\\r\\n")
      other.quit()
      """, to: sink)
    #expect(answer == String(repeating: "sent []\n", count: 20))
    #expect(sink.mails.map(\.number) == Array(1...40))
    #expect(
      Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == Set(sink.mails.map(\.file)))
  }

  @Test(
    "answers nonsense as a mail server does",
    arguments: [
      ("DATA", 503), ("RCPT TO:<a@example.edu>", 503), ("MAIL FROM nobody", 501), ("SING", 500),
      ("NOOP", 250),
      ("", 500),
    ])
  func nonsense(command: String, code: Int) throws {
    let sink = try MailSink(folder: folder.path)
    #expect(try send("print(client.docmd(\"\(command)\")[0])", to: sink) == "\(code)\n")
  }

  @Test("answers 452 when the file cannot be written, and takes no mail")
  func unwritable() throws {
    let sink = try MailSink(folder: folder.path)
    try FileManager.default.removeItem(atPath: folder.path)
    let answer = try send(
      """
      client.ehlo(); client.mail("a@example.edu"); client.rcpt("b@example.edu")
      print(client.data(b"Subject: One\\r\\n\\r\\n")[0])
      """, to: sink)
    #expect(answer == "452\n")
    #expect(sink.mails.isEmpty)
  }

  @Test("takes nothing any more once stopped")
  func stop() throws {
    let sink = try MailSink(folder: folder.path)
    let answer = try send("print(client.noop()[0])", to: sink)
    #expect(answer == "250\n")
    sink.stop()
    sink.stop()
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(sink.port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    #expect(status != 0)
  }

  @Test("says which folder cannot be made")
  func noFolder() {
    #expect {
      try MailSink(folder: "/dev/null/mails")
    } throws: {
      "\($0)".hasPrefix("cannot make the folder /dev/null/mails")
    }
  }
}
