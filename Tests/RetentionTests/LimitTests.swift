import Testing

@testable import Retention

@Suite struct LimitTests {
  /// A site of so many judged revisions, of which some are due and may be flagged.
  static func site(judged: Int, due: Int) -> [Image] {
    (1...judged).map { id in
      image(id, production: 2) {
        if id <= due {
          marked(1, date: 0, notices: [notice(date: 0, accepted: -30)])
        }
        revision(2, lastUse: -1)
      }
    }
  }

  @Test(
    "a run may flag the smaller of the count and the floor of the percentage, at least 1 unless one is 0",
    arguments: [
      // count, percent, judged, limit
      ("200", "10", 1000, 100 as Int?), ("200", "10", 9000, 200), ("200", "10", 1009, 100),
      ("200", "10", 9, 1), ("200", "10", 0, 1), ("200", "1", 99, 1), ("200", "1", 199, 1),
      ("200", "1", 200, 2),
      ("0", "10", 1000, 0), ("200", "0", 1000, 0), ("none", "0", 1000, 0), ("0", "none", 1000, 0),
      ("none", "10", 9000, 900), ("200", "none", 9000, 200), ("200", "none", 3, 200),
      ("none", "none", 9, nil),
      ("200", "100", 150, 150), ("1", "100", 150, 1),
    ])
  func limit(count: String, percent: String, judged: Int, expected: Int?) throws {
    let site = try policies(["max_flag_count": count, "max_flag_percent": percent]).site
    #expect(Plan.limit(site, judged: judged) == expected)
  }

  @Test("a plan at its limit flags, one over it flags nothing", arguments: [(3, 3), (4, 3), (1, 0)])
  func overLimit(due: Int, limit: Int) throws {
    let plan = try plan(["max_flag_count": "\(limit)"]) { Self.site(judged: 10, due: due) }
    #expect(plan.limit == limit)
    let flags = plan.decisions.filter { $0.kind == .flag }
    if due <= limit {
      #expect(flags.count == due)
      #expect(plan.overLimit == nil)
    } else {
      #expect(flags.isEmpty)
      #expect(plan.overLimit == due)
      #expect(plan.line(1) == "keep +0: idle_older limit_exceeded")
    }
  }

  @Test("the percentage is one of the judged live revisions, without excluded and corrupt images")
  func percentage() throws {
    let plan = try plan(["max_flag_percent": "10", "exclude_images": "out"]) {
      Self.site(judged: 17, due: 3)
      imageInUse(101, name: "out") { (3...99).map { revision($0) } }
      image(102, production: []) { (1...99).map { revision($0) } }
    }
    // 17 images with one revision in use, three of them with a due one beside it.
    #expect(plan.judged == 20)
    #expect(plan.limit == 2)
    #expect(plan.overLimit == 3)
  }

  @Test("over the limit, marks, redates and unmarks go on")
  func othersGoOn() throws {
    let plan = try plan(["max_flag_count": "1"]) {
      Self.site(judged: 4, due: 2)
      imageInUse(11) { revision(1, lastUse: -400) }
      imageInUse(12) { marked(1, date: 0) }
      imageInUse(13) { marked(1, date: 10, lastUse: -1) }
    }
    #expect(plan.overLimit == 2)
    #expect(plan.line(1, image: 11) == "mark +30: idle_older")
    #expect(plan.line(1, image: 12) == "redate +14: idle_older notice_missing")
    #expect(plan.line(1, image: 13) == "unmark -: recently_used")
  }

  @Test("a whole image counts each of its revisions")
  func wholeImage() throws {
    for (limit, isOver) in [("2", false), ("1", true)] {
      let plan = try plan(["max_flag_count": limit, "idle_days_production": "300"]) {
        image(production: 2) {
          marked(1, date: 0, notices: [notice(date: 0, accepted: -30)])
          marked(2, date: 0, notices: [notice(date: 0, accepted: -30)])
        }
      }
      #expect(plan.overLimit == (isOver ? 2 : nil))
      #expect(plan.decisions.allSatisfy { ($0.kind == .flag) != isOver })
    }
  }

  @Test("without limits everything that is due is flagged")
  func unlimited() throws {
    let plan = try plan { Self.site(judged: 300, due: 300) }
    #expect(plan.limit == nil)
    #expect(plan.countsByKind[.flag] == 300)
    #expect(plan.countsByReason[.due] == 300)
  }

  @Test("with a limit of 0 nothing is ever flagged, and a night without anything due is not over it")
  func zero() throws {
    let quiet = try plan(["max_flag_count": "0"]) { Self.site(judged: 5, due: 0) }
    #expect(quiet.overLimit == nil)
    let due = try plan(["max_flag_percent": "0"]) { Self.site(judged: 5, due: 1) }
    #expect(due.overLimit == 1)
  }
}
