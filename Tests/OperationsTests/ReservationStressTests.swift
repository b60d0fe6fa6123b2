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
    "None fails, none is lost and no date stays while a run changes the same revisions, with and without triggers",
    arguments: formats, [0, 20])
  func load(_ logging: String, reinstalls: Int) throws {
    for line in try measure(logging, reinstalls: reinstalls) {
      #expect(line.totals.failed == 0, "\(line.totals.errors)")
      #expect(line.totals.lost == 0)
      #expect(line.totals.datesLeft == 0)
      #expect(line.totals.reservations == 480)
      #expect(line.totals.reinstalls > 20 || reinstalls == 0)
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
