import Campus
import MariaDB
import Testing

@Suite("Parameters in the variable table that cannot be used")
struct PolicyRowTests {
  /// Rows of the table, and what the one line must say.
  static let cases: [([String: String], [String])] = [
    (["expireimage_bogus": "1"], ["expireimage_bogus", "no such parameter"]),
    (["expireimage_grace_days": "soon"], ["expireimage_grace_days", "'soon'", "0 to 3650"]),
    (["expireimage_grace_days": "30.5"], ["expireimage_grace_days", "'30.5'"]),
    (["expireimage_grace_days": "99999999999999999999"], ["expireimage_grace_days", "0 to 3650"]),
    (["expireimage_grace_days": ""], ["expireimage_grace_days", "''"]),
    (["expireimage_mode": "on"], ["expireimage_mode", "'on'", "off, report, notify, flag"]),
    (["expireimage_notice_days": "30;14"], ["expireimage_notice_days", "'30;14'", "every N"]),
    (["expireimage_weekdays": "monday"], ["expireimage_weekdays", "'monday'", "mon,tue"]),
    (["expireimage_blackout": "2026-01-10..2026-01-01"], ["expireimage_blackout", "2026-01-10..2026-01-01"]),
    (["expireimage_only_owners": "alice"], ["expireimage_only_owners", "'alice'", "unityid@Affiliation"]),
    (["expireimage_max_flag_percent": "101"], ["expireimage_max_flag_percent", "'101'", "0 to 100"]),
    (["expireimage_mode|Local": "off"], ["expireimage_mode|Local", "whole site"]),
    (["expireimage_grace_days|Local": "x\ny"], ["expireimage_grace_days|Local"]),
    (
      ["expireimage_min_notice_days": "31"],
      ["expireimage_min_notice_days (31)", "expireimage_grace_days (30)"]
    ),
    (
      ["expireimage_grace_days|Local": "10"],
      ["expireimage_min_notice_days (14)", "expireimage_grace_days (10)", "affiliation Local"]
    ),
    (
      ["expireimage_blackout": "2000-01-01..2099-12-31"],
      ["expireimage_weekdays and expireimage_blackout", "leave 0 days", "at least 20"]
    ),
    (
      [
        "expireimage_mode": "flag", "expireimage_idle_days_older": "0", "expireimage_idle_days_newer": "0",
        "expireimage_unused_days_older": "0", "expireimage_unused_days_newer": "0",
      ], ["expireimage_mode is flag", "every expireimage_idle_days_* and expireimage_unused_days_* is 0"]
    ),
  ]

  @Test("stop run and plan before any write, with one line that names them", arguments: cases)
  func refused(_ rows: [String: String], _ parts: [String]) throws {
    let site = try CommandSite()
    try site.history()
    try site.forgotten("Forgotten")
    for (name, value) in rows { try site.campus.variable(name, value) }
    let before = try site.checksums()
    for command in [["run"], ["plan"], ["policy", "check"]] {
      let call = try site.call(command)
      #expect(call.status == 5, "\(command): \(call.errors)")
      #expect(call.output == "")
      #expect(call.errorLines.count == 1, "\(call.errors)")
      for part in parts { #expect(call.errors.contains(part), "\(part) in \(call.errors)") }
    }
    #expect(try site.checksums() == before)
  }

  @Test("an empty policy is no error in mode report, where it is only looked at")
  func emptyPolicyInReport() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    for key in ["idle_days_older", "idle_days_newer", "unused_days_older", "unused_days_newer"] {
      try site.campus.variable("expireimage_\(key)", "0")
    }
    #expect(try site.plan()[pair.older].reasons == ["criterion_off"])
    #expect(try site.simulate(mode: "flag").status == 5)
  }

  @Test("a notice step above the grace is a warning, and the call goes on")
  func warning() throws {
    let site = try CommandSite()
    try site.history()
    try site.campus.variable("expireimage_notice_days", "60,14")
    let call = try site.call(["plan", "--today", CommandSite.today])
    #expect(call.status == 0)
    #expect(call.errorLines.count == 1)
    #expect(call.errors.hasPrefix("expireimage: warning: expireimage_notice_days: the step of 60 days"))
    #expect(try site.simulate(mode: "notify").status == 0)
  }

  @Test("rows of VCL and of others are none of ours")
  func foreignRows() throws {
    let site = try CommandSite()
    try site.history()
    try site.campus.variable("expireimages", "x")
    try site.campus.variable("myexpireimage_mode", "x")
    try site.campus.variable(
      "usermessage|image_expire_notice|Global", "---\nsubject: x\n", serialization: "yaml")
    #expect(try site.call(["plan", "--today", CommandSite.today]).status == 0)
  }
}
