import Campus
import Foundation
import Logging
import Retention
import Testing

@testable import Operations

@Suite("Lines of the log")
struct LogLineTests {
  private static let fields: Logger.Metadata = [
    "event": "mark", "revision_id": .stringConvertible(1234), "run_id": .stringConvertible(57),
  ]

  private func line(
    _ message: String = "marked", _ level: Logger.Level = .info, _ fields: Logger.Metadata = fields
  ) -> LogLine {
    LogLine(level: level, message: message, fields: fields, time: Date(timeIntervalSince1970: 1_790_000_000))
  }

  @Test("Plain: time, level, run, revision, event, message")
  func plain() throws {
    let text = line().text(.plain, isForJournal: false)
    #expect(
      text.wholeMatch(
        of: /2026-09-2\dT\d\d:\d\d:20(Z|[+-]\d\d:\d\d) info run_id=57 revision_id=1234 event=mark marked/)
        != nil, "\(text)")
  }

  @Test(
    "For the journal: its priority in front, and no time",
    arguments: [
      (Logger.Level.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
    ])
  func journal(_ level: Logger.Level, _ priority: Int) {
    #expect(
      line("marked", level).text(.plain, isForJournal: true)
        == "<\(priority)>run_id=57 revision_id=1234 event=mark marked")
    #expect(line("marked", level).text(.json, isForJournal: true).hasPrefix("<\(priority)>{"))
  }

  @Test("For a person: the program's name, and the level where it is a warning")
  func terminal() {
    #expect(line().text(.terminal(.file), isForJournal: false) == "expireimage: marked")
    #expect(
      line("late", .warning).text(.terminal(.file), isForJournal: false) == "expireimage: warning: late")
  }

  @Test("On a screen with colors what is wrong begins in one, and what is not does not")
  func colors() {
    let screen = Screen(width: nil, isColored: true)
    for (level, begin) in [
      (Logger.Level.info, "expireimage: x"), (.notice, "expireimage: x"),
      (.warning, "\u{1B}[33mexpireimage:\u{1B}[0m warning: x"),
      (.error, "\u{1B}[31mexpireimage:\u{1B}[0m x"),
    ] {
      #expect(line("x", level).text(.terminal(screen), isForJournal: false) == begin)
    }
  }

  @Test("JSON: an object with snake_case keys, in which ids are numbers")
  func json() throws {
    let text = line("say \"no\"\\").text(.json, isForJournal: false)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(Set(object.keys) == ["time", "level", "message", "run_id", "revision_id", "event"])
    #expect(object["run_id"] as? Int == 57 && object["revision_id"] as? Int == 1234)
    #expect(object["message"] as? String == "say \"no\"\\")
  }

  @Test("No text makes a second line, or moves the cursor, in any form", arguments: 0..<200)
  func forgery(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let pieces = [
      "\n", "\r", "\r\n", "\u{1B}[2K", "\u{0}", "\u{85}", "\u{2028}", "\u{2029}", "\u{202E}", "\u{7F}", "\t",
      "<2>",
      "2026-01-01T00:00:00Z error run_id=1", "{\"level\":\"error\"}", "\"", "\\", "é", "x", " ",
    ]
    let text = (0..<8).map { _ in pieces.randomElement(using: &random)! }.joined()
    for form in [LogLine.Form.plain, .json, .terminal(.file)] {
      for isForJournal in [false, true] {
        let written = line(text, .info, ["event": .string(text)]).text(form, isForJournal: isForJournal)
        #expect(
          !written.unicodeScalars.contains {
            $0.value < 32 || (0x7F...0x9F).contains($0.value) || [0x2028, 0x2029, 0x202E].contains($0.value)
          }, "\(written.debugDescription)")
        if form == .json, !isForJournal {
          _ = try JSONSerialization.jsonObject(with: Data(written.utf8))
        }
      }
    }
  }

  @Test("What is below the level is left out, and a full disk is remembered and stops nothing")
  func levels() throws {
    let pipe = Pipe()
    let log = EventLog(.terminal(.file), level: .notice, descriptor: pipe.fileHandleForWriting.fileDescriptor)
    for level in [Logger.Level.debug, .info, .notice, .warning, .error] { log.write(level, "\(level)") }
    try pipe.fileHandleForWriting.close()
    let written = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(written == "expireimage: notice\nexpireimage: warning: warning\nexpireimage: error\n")
    #expect(log.failure == nil)

    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let lost = EventLog(.plain, level: .info, descriptor: full.fileDescriptor)
    lost.write(.info, "x")
    #expect(lost.failure == "No space left on device")
  }

  @Test("The journal is recognised by the device and the inode of standard error")
  func journalStream() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "journal-\(UUID().uuidString)")
    try Data().write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let handle = try FileHandle(forReadingFrom: file)
    var status = stat()
    #expect(fstat(handle.fileDescriptor, &status) == 0)
    let own = "\(status.st_dev):\(status.st_ino)"
    #expect(EventLog.isJournal(handle.fileDescriptor, own))
    for other in [nil, "", "8:1", own + "0", "x:y"] {
      #expect(!EventLog.isJournal(handle.fileDescriptor, other))
    }
  }
}
