import Foundation
import TestSupport
import Testing

@Suite("Reservations under load")
struct ReservationStressTests {
  private struct Line: Decodable {
    struct Totals: Decodable {
      let reservations: Int
      let reinstalls: Int
      let failed: Int
      let lost: Int
      let datesLeft: Int
      let errors: [String: Int]
      let changes: [String: Int]
    }

    let logging: String
    let triggers: Bool
    let totals: Totals
  }

  private static let formats = ["OFF", "ROW", "MIXED", "STATEMENT"]

  @Test(
    "None fails and none is lost while a run changes the same revisions, with and without triggers",
    arguments: formats)
  func load(_ logging: String) throws {
    for line in try measure(logging, reinstalls: 0) {
      #expect(line.totals.failed == 0, "\(line.totals.errors)")
      #expect(line.totals.lost == 0)
      // A trigger that meets locks for too long leaves the date to the next run.
      #expect(line.totals.datesLeft <= 5)
      #expect(line.totals.reservations == 480)
      #expect(line.totals.reinstalls == 0)
    }
  }

  @Test("None fails and none is lost where reservations move to other revisions, too", arguments: formats)
  func reinstalls(_ logging: String) throws {
    for line in try measure(logging, reinstalls: 20) {
      #expect(line.totals.failed == 0, "\(line.totals.errors)")
      #expect(line.totals.lost == 0)
      #expect(line.totals.datesLeft <= 5)
      #expect(line.totals.reservations == 480)
      #expect(line.totals.reinstalls > 20)
    }
  }

  /// A line without triggers, and one with them.
  private func measure(_ logging: String, reinstalls: Int) throws -> [Line] {
    let program = URL(filePath: try Executable.path).deletingLastPathComponent().appending(
      path: "expireimage-benchmark")
    let process = Process()
    process.executableURL = program
    process.arguments = [
      "reservations", "--json", "--clients", "8", "--reservations", "60", "--rounds", "1", "--run-pause", "0",
      "--logging", logging, "--reinstalls", "\(reinstalls)",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let lines = try text.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(lines.map(\.triggers) == [false, true])
    for line in lines {
      #expect(line.logging == logging)
      #expect(line.totals.changes["mark", default: 0] > 0)
    }
    return lines
  }
}
