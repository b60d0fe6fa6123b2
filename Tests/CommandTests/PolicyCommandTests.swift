import Campus
import MariaDB
import Retention
import Testing

@Suite("expireimage policy")
struct PolicyCommandTests {
  private func value(_ site: CommandSite, _ name: String) throws -> String? {
    try site.connection.first("SELECT value FROM variable WHERE name = ?", [Value(name)]) { $0.string(0) }
  }

  private struct Entry: Equatable {
    let key: String
    let value: String
    let defaultValue: String
    let source: String

    init(_ json: JSON) throws {
      let members = try json.members(["key", "value", "default", "source", "unit", "range", "sentence"])
      key = try members["key"]!.text
      value = try members["value"]!.text
      defaultValue = try members["default"]!.text
      source = try members["source"]!.text
      guard try !members["sentence"]!.text.isEmpty, try !members["range"]!.text.isEmpty else {
        throw JSON.Mismatch("\(key) is not explained")
      }
      _ = try members["unit"]!.text
    }
  }

  private func entries(_ site: CommandSite) throws -> [Entry] {
    try site.call(["policy", "show", "--json"]).json.members(["parameters"])["parameters"]!.array.map(
      Entry.init)
  }

  @Test("show lists every parameter with value, default, source and sentence, overrides behind theirs")
  func show() throws {
    let site = try CommandSite()
    try site.campus.affiliation("EE")
    try site.campus.variable("expireimage_idle_days_older", "120")
    try site.campus.variable("expireimage_idle_days_older|EE", "400")
    try site.connection.execute("DELETE FROM variable WHERE name = 'expireimage_grace_days'")

    let found = try entries(site)
    #expect(found.filter { !$0.key.contains("|") }.map(\.key) == Parameter.all.map(\.key))
    for parameter in Parameter.all {
      #expect(found.first { $0.key == parameter.key }?.defaultValue == parameter.defaultValue)
    }
    let older = found.filter { $0.key.hasPrefix("expireimage_idle_days_older") }
    #expect(older.map(\.key) == ["expireimage_idle_days_older", "expireimage_idle_days_older|EE"])
    #expect(older.map(\.value) == ["120", "400"])
    #expect(older.map(\.source) == ["site", "affiliation"])
    let grace = found.first { $0.key == "expireimage_grace_days" }
    #expect(grace?.value == "30")
    #expect(grace?.source == "default")

    let text = try site.call(["policy", "show"])
    #expect(text.status == 0)
    for parameter in Parameter.all {
      #expect(
        text.outputLines.contains { $0.hasPrefix(parameter.key + " ") && $0.hasSuffix(parameter.sentence) },
        "\(parameter.key)")
    }
  }

  @Test("show shows what is stored, also when it can not be used")
  func showInvalid() throws {
    let site = try CommandSite()
    try site.campus.variable("expireimage_grace_days", "soon")
    #expect(try entries(site).first { $0.key == "expireimage_grace_days" }?.value == "soon")
    #expect(try site.call(["policy", "check"]).status == 5)
  }

  @Test("set and unset change the one row, and the next plan goes by it")
  func setAndUnset() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten", lastUse: "2026-01-10")
    #expect(try site.plan()[pair.older].decision == "keep")

    let set = try site.call(["policy", "set", "expireimage_idle_days_older", "20"])
    #expect(set.status == 0, "\(set.errors)")
    #expect(set.errors == "")
    #expect(try value(site, "expireimage_idle_days_older") == "20")
    #expect(
      try site.count(
        "variable",
        where: "name = 'expireimage_idle_days_older' AND serialization = 'none' AND timestamp > 0") == 1)
    #expect(try site.plan()[pair.older].decision == "mark")

    #expect(try site.call(["policy", "unset", "expireimage_idle_days_older"]).status == 0)
    #expect(try value(site, "expireimage_idle_days_older") == nil)
    #expect(try site.plan()[pair.older].decision == "keep")
  }

  @Test("an affiliation's value holds for its images only, and is named as VCL writes it")
  func affiliation() throws {
    let site = try CommandSite()
    try site.history()
    let owner = try site.campus.user("alice", in: site.campus.affiliation("EE"))
    let ofEE = try site.forgotten("Of EE", owner: owner)
    let other = try site.forgotten("Of Local")

    let set = try site.call(["policy", "set", "expireimage_idle_days_older", "1000", "--affiliation", "ee"])
    #expect(set.status == 0, "\(set.errors)")
    #expect(try value(site, "expireimage_idle_days_older|EE") == "1000")
    #expect(try site.plan()[ofEE.older].decision == "keep")
    #expect(try site.plan()[other.older].decision == "mark")

    let unset = try site.call(["policy", "unset", "expireimage_idle_days_older", "--affiliation", "EE"])
    #expect(unset.status == 0)
    #expect(try value(site, "expireimage_idle_days_older|EE") == nil)
    #expect(try value(site, "expireimage_idle_days_older") == "180")
    #expect(try site.plan()[ofEE.older].decision == "mark")
  }

  @Test(
    "what cannot be used is refused with one line, and nothing is changed",
    arguments: [
      (["set", "expireimage_bogus", "1"], ["expireimage_bogus", "no such parameter"]),
      (["set", "expireimage_grace_days", "soon"], ["expireimage_grace_days", "'soon'", "0 to 3650"]),
      (["set", "expireimage_grace_days", ""], ["expireimage_grace_days", "''"]),
      (
        ["set", "expireimage_grace_days", "13"],
        ["expireimage_min_notice_days (14)", "expireimage_grace_days (13)"]
      ),
      (["set", "expireimage_min_notice_days", "31"], ["expireimage_min_notice_days (31)"]),
      (["set", "expireimage_blackout", "2000-01-01..2099-12-31"], ["at least 20 are needed"]),
      (["set", "expireimage_grace_days", "13", "--affiliation", "Local"], ["affiliation Local"]),
      (["set", "expireimage_mode", "flag", "--affiliation", "Local"], ["whole site"]),
      (
        ["set", "expireimage_grace_days", "40", "--affiliation", "Nowhere"],
        ["no affiliation 'Nowhere'", "Local"]
      ),
      (["unset", "expireimage_grace_days", "--affiliation", "Nowhere"], ["no affiliation 'Nowhere'"]),
      (["unset", "expireimage_bogus"], ["expireimage_bogus", "no such parameter"]),
      (["set", "expireimage_exclude_images", "*\u{1F600}*"], ["expireimage_exclude_images", "latin1"]),
    ])
  func refused(_ arguments: [String], _ parts: [String]) throws {
    let site = try CommandSite()
    let before = try site.checksums()
    let call = try site.call(["policy"] + arguments)
    #expect(call.status == 5)
    #expect(call.output == "")
    #expect(call.errorLines.count == 1, "\(call.errors)")
    for part in parts { #expect(call.errors.contains(part), "\(part) in \(call.errors)") }
    #expect(try site.checksums() == before)
  }

  @Test("the mode flag is refused while no revision can ever expire")
  func emptyPolicy() throws {
    let site = try CommandSite()
    for key in ["idle_days_older", "idle_days_newer", "unused_days_older", "unused_days_newer"] {
      #expect(try site.call(["policy", "set", "expireimage_\(key)", "0"]).status == 0)
    }
    let call = try site.call(["policy", "set", "expireimage_mode", "flag"])
    #expect(call.status == 5)
    #expect(call.errors.contains("expireimage_mode is flag"))
    #expect(try value(site, "expireimage_mode") == "report")
  }

  @Test("unset of what has no row says so, and a row of an unknown key can be removed")
  func unsetUnknown() throws {
    let site = try CommandSite()
    #expect(try site.call(["policy", "unset", "expireimage_grace_days"]).status == 0)
    let again = try site.call(["policy", "unset", "expireimage_grace_days"])
    #expect(again.status == 1)
    #expect(again.errors.contains("expireimage_grace_days has no value in the database"))

    try site.campus.variable("expireimage_bogus", "1")
    #expect(try site.call(["policy", "check"]).status == 5)
    #expect(try site.call(["policy", "unset", "expireimage_bogus"]).status == 0)
    #expect(try site.call(["policy", "check"]).status == 0)
  }

  @Test("a broken policy is repaired step by step, and nothing but this program's rows is ever removed")
  func repair() throws {
    let site = try CommandSite()
    try site.campus.variable("expireimage_grace_days", "soon")
    try site.campus.variable("expireimage_mode", "maybe")
    #expect(try site.call(["policy", "set", "expireimage_grace_days", "40"]).status == 0)
    #expect(try site.call(["policy", "unset", "expireimage_mode"]).status == 0)
    #expect(try site.call(["policy", "check"]).status == 0)

    let before = try site.checksums()
    for key in ["acknowledgetimeout", "usermessage|reserved|Global", "schema-version"] {
      let call = try site.call(["policy", "unset", key])
      #expect(call.status == 5)
      #expect(call.errors.contains("\(key): no such parameter"))
    }
    #expect(try site.checksums() == before)
  }

  @Test("check says that all is well, or warns of what is never used")
  func check() throws {
    let site = try CommandSite()
    let well = try site.call(["policy", "check"])
    #expect(well.status == 0)
    #expect(well.output == "the policy is valid\n")

    try site.campus.variable("expireimage_idle_days_older|Gone", "1")
    try site.campus.variable("expireimage_notice_days", "60")
    let warned = try site.call(["policy", "check"])
    #expect(warned.status == 0)
    #expect(warned.output.contains("VCL has no affiliation Gone"))
    #expect(warned.output.contains("expireimage_notice_days: the step of 60 days"))
  }
}
