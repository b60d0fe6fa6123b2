import Foundation
import Retention
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("The clocks of the database and of this machine")
struct ClockCheckTests {
  @Test(
    "Clocks that are apart are a warning, and an error where the day may be another",
    arguments: [
      (0, CheckResult.Status.ok), (55, .ok), (-55, .ok), (120, .warning), (-120, .warning), (3500, .warning),
      (4000, .error), (86_400, .error), (-86_400, .error),
    ])
  func clock(_ seconds: Int, _ status: CheckResult.Status) throws {
    let site = try CheckTests.soundSite()
    let report = CheckOperation(nodeTime: { Date() + Double(seconds) }) { site.site.settings }.check()
    let result = try #require(report.checks.first { $0.name == "clock" })
    #expect(result.status == status, "\(result)")
    #expect(result.status == .ok || result.message.contains("NTP"))
  }

  @Test(
    "A run whose clocks are a day apart does nothing, and ends with status 4",
    arguments: [86_400.0, -86_400, 3700])
  func runByWrongClock(_ seconds: Double) throws {
    let site = try CheckTests.soundSite()
    let before = try site.checksums()
    let failure = #expect(throws: Failure.self) {
      try RunOperation(site.site, CallOptions(), isDryRun: false, nodeTime: { Date() + seconds }).run(.silent)
    }
    #expect(failure?.exitStatus == .usageNotTrusted)
    #expect(failure?.description.contains("UTC, this machine's") == true)
    #expect(failure?.description.contains("nothing was done") == true)
    #expect(try site.checksums() == before)
    let run = RunOperation(
      site.site, CallOptions(), isDryRun: false, nodeTime: { Date() + seconds / 100_000 })
    #expect(try run.run(.silent).exitStatus == .done)
  }

  @Test("The difference is that of the instants, whatever the server's time zone; another zone is a warning")
  func timeZones() {
    // 1,790,000,000 seconds after 1970 is 2026-09-21 14:13:20 UTC.
    let node = Date(timeIntervalSince1970: 1_790_000_000)
    func clock(_ offset: Int) -> Clock {
      Clock(
        now: Moment(day: Day("2026-09-21")!, second: 51_200) + offset * 60, utcOffsetMinutes: offset,
        isSimulated: false)
    }
    for offset in [0, 330, -480, 840, -720] {
      #expect(abs(ClockDifference(clock(offset), node: node).seconds) <= 1)
    }
    let here = TimeZone.current.secondsFromGMT(for: node) / 60
    #expect(NodeChecks.clock(clock(here), node: node).status == .ok)
    let other = NodeChecks.clock(clock(here - 300), node: node)
    #expect(other.status == .warning)
    #expect(other.message.contains("time zone"))
  }
}
