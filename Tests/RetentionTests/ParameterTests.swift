import Testing

@testable import Retention

@Suite struct ParameterTests {
  struct Documented: Sendable {
    let name: String
    let defaultValue: String
    var isSiteWide = false
  }

  /// The parameters as an admin knows them, in their order.
  static let documented: [Documented] = [
    Documented(name: "mode", defaultValue: "report", isSiteWide: true),
    Documented(name: "idle_days_production", defaultValue: "0"),
    Documented(name: "idle_days_older", defaultValue: "180"),
    Documented(name: "idle_days_newer", defaultValue: "365"),
    Documented(name: "unused_days_production", defaultValue: "0"),
    Documented(name: "unused_days_older", defaultValue: "90"),
    Documented(name: "unused_days_newer", defaultValue: "180"),
    Documented(name: "keep_newest", defaultValue: "0"),
    Documented(name: "grace_days", defaultValue: "30"),
    Documented(name: "notice_days", defaultValue: "30,14,7,1"),
    Documented(name: "min_notice_days", defaultValue: "14"),
    Documented(name: "day_count", defaultValue: "calendar"),
    Documented(name: "weekdays", defaultValue: "all"),
    Documented(name: "blackout", defaultValue: "none"),
    Documented(name: "max_flag_count", defaultValue: "200", isSiteWide: true),
    Documented(name: "max_flag_percent", defaultValue: "10", isSiteWide: true),
    Documented(name: "usage_max_age_days", defaultValue: "30", isSiteWide: true),
    Documented(name: "exclude_images", defaultValue: ""),
    Documented(name: "only_owners", defaultValue: "", isSiteWide: true),
    Documented(name: "ignore_users", defaultValue: "", isSiteWide: true),
    Documented(name: "fallback_counts", defaultValue: "no"),
    Documented(name: "keep_max_days", defaultValue: "365"),
    Documented(name: "purge_days", defaultValue: "0", isSiteWide: true),
    Documented(name: "audit_days", defaultValue: "0", isSiteWide: true),
    Documented(name: "task_days", defaultValue: "30", isSiteWide: true),
    Documented(name: "pause_ms", defaultValue: "0", isSiteWide: true),
  ]

  @Test("the parameters are the documented ones, with their defaults and scope")
  func complete() {
    #expect(Parameter.all.map(\.key) == Self.documented.map { "expireimage_\($0.name)" })
    #expect(Parameter.all.map(\.defaultValue) == Self.documented.map(\.defaultValue))
    #expect(Parameter.all.map(\.isSiteWide) == Self.documented.map(\.isSiteWide))
  }

  @Test("every default is a value of its parameter", arguments: Parameter.all.map(\.key))
  func defaults(key: String) throws {
    let parameter = try #require(Parameter.named(key))
    let set = try PolicySet(stored: [.init(key: key, affiliation: nil, value: parameter.defaultValue)])
    #expect(set.site == Policy.builtIn)
  }

  @Test("the built-in policy has the documented values")
  func builtIn() {
    let policy = Policy.builtIn
    #expect(policy.mode == .report)
    #expect([policy.idleDays.production, policy.idleDays.older, policy.idleDays.newer] == [0, 180, 365])
    #expect(
      [policy.unusedDays.production, policy.unusedDays.older, policy.unusedDays.newer] == [0, 90, 180])
    #expect(policy.keepNewest == 0)
    #expect(policy.graceDays == 30)
    #expect(policy.noticeSchedule == .daysLeft([30, 14, 7, 1]))
    #expect(policy.minimumNoticeDays == 14)
    #expect(policy.allowedDays == AllowedDays())
    #expect(policy.maximumFlagCount == 200)
    #expect(policy.maximumFlagPercent == 10)
    #expect(policy.usageMaximumAgeDays == 30)
    #expect(policy.excludedImages.isEmpty && policy.onlyOwners.isEmpty && policy.ignoredUsers.isEmpty)
    #expect(!policy.fallbackCounts)
    #expect(
      [policy.keepMaximumDays, policy.purgeDays, policy.auditDays, policy.taskDays] == [365, 0, 0, 30])
    #expect(policy.pauseMilliseconds == 0)
  }

  @Test("no key is the beginning of another, and all are lower snake case")
  func prefixes() {
    let keys = Parameter.all.map(\.key)
    for key in keys {
      #expect(keys.filter { $0.hasPrefix(key) } == [key])
      #expect(key.hasPrefix("expireimage_"))
      #expect(key.allSatisfy { $0 == "_" || ("a"..."z").contains($0) })
    }
  }

  @Test("every parameter says what it takes and what it means")
  func texts() {
    for parameter in Parameter.all {
      #expect(!parameter.range.isEmpty && parameter.sentence.hasSuffix("."))
    }
  }

  static let bad: [(String, [String])] = [
    ("mode", ["", "on", "flags", "report,flag", "1"]),
    (
      "idle_days_production",
      ["", "-1", "+1", "1.5", "1 2", "ten", "0x10", "36501", "99999999999999999999", "none"]
    ),
    ("idle_days_older", ["-0", "١٢"]), ("idle_days_newer", ["1e3"]), ("unused_days_production", ["null"]),
    ("unused_days_older", ["90 days"]), ("unused_days_newer", ["--"]),
    ("keep_newest", ["-1", "65536", "all"]),
    ("grace_days", ["-1", "3651", ""]),
    (
      "notice_days",
      [
        "0", "30,", ",30", "30,,7", "30 14", "every", "every 0", "every x", "every7", "-1", "+7",
        "every +7", "3651", "7d", "none,7",
      ]
    ),
    ("min_notice_days", ["-1", "3651"]), ("day_count", ["", "workdays", "calendar,business"]),
    ("weekdays", ["", "none", "monday", "mon,", "mon;tue", "mon tue", "all,mon", "1,2"]),
    (
      "blackout",
      [
        "2026-02-30", "2026-13-01", "20261220", "2026-12-20..", "..2026-12-20", "2027-01-06..2026-12-20",
        "2026-12-20...2027-01-06", "2026-12-20-2027-01-06", "2026-12-20,", "0000-00-00", "christmas",
        "none,2026-12-20", "2026-1-1",
      ]
    ),
    ("max_flag_count", ["", "-1", "16777216", "no"]), ("max_flag_percent", ["", "-1", "101", "10%", "5.5"]),
    ("usage_max_age_days", ["", "-1", "none"]),
    ("exclude_images", ["a,", ",a", "[", "[]", "[!]", "[z-a]", "a,[b"]),
    ("only_owners", ["alice", "@Local", "alice@", "alice@Local,", "alice@Local bob@Local"]),
    ("ignore_users", ["alice", "a b@Local"]), ("fallback_counts", ["", "true", "1", "y"]),
    ("keep_max_days", ["-1", "ever"]), ("purge_days", ["-1"]), ("audit_days", ["-1"]), ("task_days", ["-1"]),
    ("pause_ms", ["-1", "60001", "5s"]),
  ]

  @Test("a bad value is refused with its key, the value and what the key takes", arguments: bad)
  func badValues(name: String, values: [String]) throws {
    let parameter = try #require(Parameter.named("expireimage_\(name)"))
    for value in values {
      let error = try #require(throws: PolicyError.self) { try policies([name: value]) }
      #expect(error == .badValue(name: parameter.key, value: value, range: parameter.range))
      #expect(error.description.contains(parameter.key))
      #expect(error.description.contains("'\(value)'"))
      #expect(error.description.contains(parameter.range))
    }
  }

  @Test("the table of bad values has every parameter")
  func badValuesComplete() {
    #expect(Set(Self.bad.map(\.0)) == Set(Self.documented.map(\.name)))
  }

  @Test("good values are read as they are meant, with spaces and capitals where people write them")
  func goodValues() throws {
    let site = try policies([
      "mode": " Notify ", "idle_days_older": " 007 ", "keep_newest": "65535", "grace_days": "3650",
      "notice_days": "1, 30,7,7", "weekdays": "FRI, mon", "day_count": "BUSINESS",
      "blackout": "2026-12-20..2027-01-06, 2027-05-01", "max_flag_count": "NONE", "max_flag_percent": "100",
      "exclude_images": "vm*, xcat-[!0-9]?", "only_owners": "alice@Local,carol@x@Branch",
      "ignore_users": "monitor@Local", "fallback_counts": "Yes", "pause_ms": "60000",
    ]).site
    #expect(site.mode == .notify)
    #expect(site.idleDays.older == 7)
    #expect(site.keepNewest == 65_535)
    #expect(site.graceDays == 3650)
    #expect(site.noticeSchedule == .daysLeft([30, 7, 1]))
    #expect(site.allowedDays.weekdays == [.friday, .monday])
    #expect(site.allowedDays.count == .business)
    #expect(
      site.allowedDays.blackout == [
        Day("2026-12-20")!...Day("2027-01-06")!, Day("2027-05-01")!...Day("2027-05-01")!,
      ])
    #expect(site.maximumFlagCount == nil)
    #expect(site.maximumFlagPercent == 100)
    #expect(site.excludedImages.map(\.pattern) == ["vm*", "xcat-[!0-9]?"])
    #expect(
      site.onlyOwners
        == [
          Account(userName: "alice", affiliation: "Local"),
          Account(userName: "carol@x", affiliation: "Branch"),
        ])
    #expect(site.ignoredUsers.count == 1)
    #expect(site.fallbackCounts)
    #expect(site.pauseMilliseconds == 60_000)
  }

  @Test("0 and none are different limits")
  func zeroAndNone() throws {
    #expect(try policies(["max_flag_count": "0"]).site.maximumFlagCount == 0)
    #expect(try policies(["max_flag_count": "none"]).site.maximumFlagCount == nil)
  }
}
