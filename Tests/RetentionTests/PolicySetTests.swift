import Testing

@testable import Retention

@Suite struct PolicySetTests {
  @Test("the affiliation's value wins over the site's, and the site's over the default")
  func precedence() throws {
    let set = try policies(["idle_days_older": "100", "idle_days_older|Branch": "50", "grace_days": "60"])
    #expect(set.policy(affiliation: "Branch").idleDays.older == 50)
    #expect(set.policy(affiliation: "bRANCH").idleDays.older == 50)
    #expect(set.policy(affiliation: "Branch").graceDays == 60)
    #expect(set.policy(affiliation: "Local").idleDays.older == 100)
    #expect(set.policy(affiliation: nil).idleDays.older == 100)
    #expect(set.policy(affiliation: "Branch").unusedDays.older == 90)
  }

  @Test("an image is judged by its owner's affiliation, one without owner by the site")
  func byOwner() throws {
    let plan = try plan(["idle_days_older|branch": "500", "grace_days|Local": "40"]) {
      imageInUse(1) { revision(1, lastUse: -400) }
      imageInUse(2, owner: bob) { revision(1, lastUse: -400) }
      imageInUse(3, owner: nil) { revision(1, lastUse: -400) }
    }
    #expect(plan.line(1, image: 1) == "mark +40: idle_older")
    #expect(plan.line(1, image: 2) == "keep -: recently_used")
    #expect(plan.line(1, image: 3) == "mark +30: idle_older")
  }

  @Test("an affiliation may override every parameter that is not site-wide, and only those")
  func overridable() throws {
    for parameter in Parameter.all {
      let stored = [
        PolicySet.Setting(key: parameter.key, affiliation: "Branch", value: parameter.defaultValue)
      ]
      if parameter.isSiteWide {
        let error = try #require(throws: PolicyError.self) { try PolicySet(stored: stored) }
        #expect(error == .siteWideOnly("\(parameter.key)|Branch"))
        #expect(error.description.contains("\(parameter.key)|Branch"))
      } else {
        #expect(try PolicySet(stored: stored).policy(affiliation: "Branch") == Policy.builtIn)
      }
    }
  }

  @Test(
    "an unknown key is refused by name", arguments: ["idle_days", "mod", "modes", "Mode", "idle_days_older|"])
  func unknown(name: String) throws {
    let key = "expireimage_\(name)"
    for affiliation in [nil, "Branch"] {
      let setting = PolicySet.Setting(key: key, affiliation: affiliation, value: "1")
      for (stored, call) in [([setting], []), ([], [setting])] {
        let error = try #require(throws: PolicyError.self) { try PolicySet(stored: stored, call: call) }
        #expect(error == .unknownKey(setting.name))
        #expect(error.description.hasPrefix(setting.name))
      }
    }
  }

  @Test("a value for this call wins over the site's and over that of every affiliation")
  func call() throws {
    let stored = ["grace_days": "40", "grace_days|Branch": "50", "keep_newest|Branch": "3"]
    let set = try policies(stored, call: ["grace_days": "60"])
    #expect(set.policy(affiliation: "Branch").graceDays == 60)
    #expect(set.policy(affiliation: "Branch").keepNewest == 3)
    #expect(set.site.graceDays == 60)
  }

  @Test("a value for this call and one affiliation wins over everything there, and nowhere else")
  func callForAffiliation() throws {
    let stored = ["grace_days": "40", "grace_days|Branch": "50"]
    let set = try policies(stored, call: ["grace_days": "60", "grace_days|bRANCH": "70"])
    #expect(set.policy(affiliation: "Branch").graceDays == 70)
    #expect(set.policy(affiliation: "Local").graceDays == 60)
    let alone = try policies(stored, call: ["grace_days|Branch": "70"])
    #expect(alone.policy(affiliation: "Branch").graceDays == 70)
    #expect(alone.site.graceDays == 40)
  }

  @Test("a bad value for this call is refused like a stored one")
  func badCall() {
    #expect(throws: PolicyError.self) { try policies(call: ["grace_days": "soon"]) }
    #expect(throws: PolicyError.self) { try policies(call: ["mode|Branch": "flag"]) }
  }

  @Test("a later row of the same name wins, whatever the case of the affiliation")
  func laterWins() throws {
    let set = try PolicySet(stored: [
      .init(key: "expireimage_grace_days", affiliation: "Branch", value: "40"),
      .init(key: "expireimage_grace_days", affiliation: "BRANCH", value: "41"),
    ])
    #expect(set.policy(affiliation: "branch").graceDays == 41)
    #expect(set.named.count == 2)
  }
}

@Suite struct PolicyCheckTests {
  @Test("the built-in policy has neither a contradiction nor a warning")
  func builtIn() throws {
    let set = try PolicySet(stored: [])
    #expect(set.contradiction(today: today) == nil)
    #expect(set.warnings().isEmpty)
  }

  @Test(
    "contradictions are found, and named with their parameters",
    arguments: [
      (["min_notice_days": "31"], "expireimage_min_notice_days"), (["min_notice_days": "30"], nil),
      (["grace_days": "13"], "expireimage_grace_days"), (["grace_days": "0", "min_notice_days": "0"], nil),
      (["min_notice_days|Branch": "31"], "affiliation Branch"),
      (["grace_days|Branch": "13"], "affiliation Branch"),
      (["blackout": "2026-06-01..2027-05-12"], nil),
      (["blackout": "2026-06-01..2027-05-13"], "expireimage_blackout"),
      (["weekdays": "mon"], nil),
      (["weekdays": "mon", "blackout": "2026-06-01..2027-01-18"], "leave 19 days"),
      (["weekdays": "mon", "blackout": "2026-06-02..2027-01-25"], "leave 19 days"),
      (["weekdays": "mon", "blackout": "2026-06-01..2027-01-17"], nil),
      (["blackout|Branch": "2026-01-01..2029-01-01"], "affiliation Branch"),
      (
        ["idle_days_older": "0", "idle_days_newer": "0", "unused_days_older": "0", "unused_days_newer": "0"],
        "expireimage_mode is flag"
      ),
      (
        [
          "idle_days_older": "0", "idle_days_newer": "0", "unused_days_older": "0", "unused_days_newer": "0",
          "mode": "notify",
        ], nil
      ),
      (["idle_days_older": "0", "idle_days_newer": "0", "unused_days_older": "0"], nil),
      (
        [
          "idle_days_older": "0", "idle_days_newer": "0", "unused_days_older": "0", "unused_days_newer": "0",
          "idle_days_production": "900",
        ], nil
      ),
      (
        [
          "idle_days_older": "0", "idle_days_newer": "0", "unused_days_older": "0", "unused_days_newer": "0",
          "idle_days_newer|Branch": "9",
        ], nil
      ),
    ] as [(Settings, String?)])
  func contradiction(settings: Settings, expected: String?) throws {
    let found = try policies(settings).contradiction(today: today)
    #expect((found == nil) == (expected == nil), "\(found?.description ?? "none")")
    if let expected { #expect(found?.description.contains(expected) == true, "\(found?.description ?? "")") }
  }

  @Test(
    "a notice step above grace is a warning, not a contradiction",
    arguments: [
      (["notice_days": "31,7"], true), (["notice_days": "30,7"], false), (["notice_days": "every 31"], true),
      (["notice_days": "none"], false), (["grace_days|Branch": "29"], true),
      (["notice_days|Branch": "60"], true),
    ] as [(Settings, Bool)])
  func warning(settings: Settings, isWarned: Bool) throws {
    let set = try policies(settings)
    #expect(set.contradiction(today: today) == nil)
    #expect(set.warnings().count == (isWarned ? 1 : 0))
    #expect(set.warnings().allSatisfy { $0.contains("expireimage_notice_days") })
    if settings.keys.contains(where: { $0.contains("|") }) {
      #expect(set.warnings().allSatisfy { $0.contains("(affiliation Branch)") })
    }
  }
}
