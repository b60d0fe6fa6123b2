import Testing

@testable import Retention

/// What happens to flags that wait because plans are over the limit.
@Suite struct WaitingFlagsTests {
  /// One image for each date, with a due revision beside a production one in use.
  private static func site(dates: [Int]) -> [Image] {
    dates.enumerated().map { index, date in
      image(index + 1, production: 2) {
        marked(1, date: date, notices: [notice(date: date, accepted: -60)])
        revision(2, lastUse: -1)
      }
    }
  }

  @Test(
    "for three days an admin can raise the limit: nothing is flagged, and no date moves",
    arguments: [0, 1, 3])
  func waits(days: Int) throws {
    let plan = try plan(["max_flag_count": "2"]) { Self.site(dates: [-days, -days, 0]) }
    #expect(plan.overLimit == 3)
    #expect(plan.decisions.allSatisfy { $0.kind == .keep })
    #expect(plan.line(1) == "keep \(days == 0 ? "+0" : "-\(days)"): idle_older limit_exceeded")
    let raised = try planned(limit: 3, dates: [-days, -days, 0])
    #expect(raised.decisions.count { $0.kind == .flag } == 3)
  }

  @Test("after that all that waited gets a date behind the others, and what is due today is flagged")
  func replaced() throws {
    let plan = try plan(["max_flag_count": "2"]) { Self.site(dates: [-4, -2, 0, 0, 1, 1, 2]) }
    #expect(plan.overLimit == nil)
    #expect(plan.line(1, image: 1) == "redate +2: idle_older limit_exceeded")
    #expect(plan.line(1, image: 2) == "redate +3: idle_older limit_exceeded")
    #expect(plan.line(1, image: 3) == "flag +0: idle_older due")
    #expect(plan.line(1, image: 4) == "flag +0: idle_older due")
  }

  @Test("what is due today alone is still over the limit, and then waits as well")
  func stillOver() throws {
    let plan = try plan(["max_flag_count": "1"]) { Self.site(dates: [-4, 0, 0]) }
    #expect(plan.overLimit == 2)
    #expect(plan.line(1, image: 1) == "redate +1: idle_older limit_exceeded")
    #expect(plan.line(1, image: 2) == "keep +0: idle_older limit_exceeded")
  }

  @Test("with a limit of 0 nothing is flagged and nothing moves")
  func zero() throws {
    let plan = try plan(["max_flag_count": "0"]) { Self.site(dates: [-6, -2]) }
    #expect(plan.overLimit == 2)
    #expect(plan.decisions.allSatisfy { $0.kind == .keep })
  }

  private func planned(limit: Int, dates: [Int]) throws -> Plan {
    try plan(["max_flag_count": "\(limit)"]) { Self.site(dates: dates) }
  }
}
