import Campus
import MariaDB
import TestSupport
import Testing

@Suite("Rows that are corrupt or undated")
struct OddDataTests {
  @Test(
    "an image without production revision, or with two, is reported and never touched",
    arguments: [(0, "hold_no_production"), (2, "hold_several_productions")])
  func productions(_ count: Int, _ reason: String) throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Corrupt")
    if count == 0 {
      try site.campus.setProduction(pair.production, false)
    } else {
      try site.campus.setProduction(pair.older, true)
    }
    let sound = try site.forgotten("Sound")
    let plan = try site.plan()
    for revision in [pair.older, pair.production] {
      #expect(try plan[revision].decision == "keep")
      #expect(try plan[revision].reasons == [reason])
      #expect(try plan[revision].newExpireDate == nil)
    }
    for day in ["2026-01-31", CommandSite.today, "2026-03-09"] { try site.run(day, mode: "flag") }
    for revision in [pair.older, pair.production] {
      #expect(try !site.isDeleted(revision))
      #expect(try site.date(revision) == nil)
      #expect(try site.count("expireimage_event", where: "revision_id = \(revision)") == 0)
    }
    #expect(try site.isDeleted(sound.older))
  }

  @Test("an image that becomes corrupt after its mark loses the date instead of the revision")
  func corruptedAfterMark() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Corrupt")
    try site.run("2026-01-31", mode: "flag")
    try site.campus.setProduction(pair.production, false)
    let document = try site.run(mode: "flag")
    #expect(document.decisions.map(\.reasons) == [["hold_no_production"]])
    #expect(document.decisions.map(\.decision) == ["unmark"])
    #expect(try !site.isDeleted(pair.older))
    #expect(try site.date(pair.older) == nil)
  }

  @Test("a creation that is the zero date is a hold, and never an age of two thousand years")
  func zeroCreation() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Undated")
    let undated = try site.campus.revision(of: pair.image, 3, created: CampusBuilder.zeroDate)
    let plan = try site.plan()
    #expect(try plan[undated].decision == "keep")
    #expect(try plan[undated].reasons == ["hold_created_unknown"])
    #expect(try plan[undated].lastUse == nil)
  }

  @Test("a reservation whose dates are all zero is a use at an unknown time, and a hold")
  func zeroUse() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Undated")
    let used = try site.campus.revision(of: pair.image, 0)
    try site.campus.use(used, from: CampusBuilder.zeroDate)
    #expect(try site.plan()[used].reasons == ["hold_use_undated"])
  }

  @Test("an expire date that is the zero date is no date")
  func zeroExpireDate() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Undated")
    try site.campus.setExpireDate(pair.older, "0000-00-00")
    let row = try site.plan()[pair.older]
    #expect(row.expireDate == nil)
    #expect(row.decision == "mark")
    try site.run(mode: "notify")
    #expect(try site.date(pair.older) == "2026-04-01")

    // Set to it later, it was reset by hand.
    try site.campus.setExpireDate(pair.older, "0000-00-00")
    let document = try site.run("2026-03-03", mode: "notify")
    #expect(document.skipped.isEmpty)
    #expect(try site.plan("2026-03-04")[pair.older].reasons == ["kept"])
    let set = try site.call(["expire", "\(pair.older)", "--on", "2099-01-01"])
    #expect(set.status == 0, "\(set.errors)")
    #expect(try site.date(pair.older) == "2099-01-01")
  }

  @Test("a revision of an image that is gone stops neither a plan nor a run")
  func imageGone() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    let lost = try site.forgotten("Lost")
    try site.connection.executeScript(
      "SET foreign_key_checks = 0;\nDELETE FROM image WHERE id = \(lost.image);")
    #expect(try site.simulate(mode: "notify").status == 0)
    #expect(try site.date(pair.older) != nil)
    #expect(try site.date(lost.older) == nil)
  }
}

@Suite("Owners and their addresses")
struct OwnerTests {
  private static let alice = "alice@example.edu"
  private static let admin = "vcl-admin@example.edu"

  @Test(
    "the notice reaches the owner at every usable address, or the admins when there is none",
    arguments: [
      (alice, [alice]), ("alice@example.edu,a.smith@example.org", [alice, "a.smith@example.org"]),
      (" alice@example.edu , ", [alice]), ("alice@example.edu,not an address", [alice]),
      ("", [admin]), ("root@localhost", [admin]), ("alice", [admin]), ("alice@", [admin]),
      ("alice@example.edu>\r\nRCPT TO:<eve@example.org", [admin]), ("Alice <alice@example.edu>", [admin]),
      ("\u{E4}lice@example.edu", [admin]),
    ])
  func address(_ email: String, _ recipients: [String]) throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten", owner: site.campus.user("alice", email: email))
    let document = try site.run(mode: "notify")
    #expect(document.exitStatus == 0)
    #expect(document.mails.map(\.to) == [recipients.joined(separator: ", ")])
    #expect(document.mails.map(\.revisionIDs) == [[pair.older]])
    // The archive gets every mail blind.
    #expect(site.mailServer.messages.map(\.recipients) == [recipients + ["vcl-archive@example.edu"]])
    let mail = try #require(try site.mails().first)
    #expect(mail.to == recipients)
    #expect(mail.values(of: "Bcc").isEmpty)
    #expect(!site.mailServer.commands.contains { $0.contains("eve@example.org") })
  }

  @Test(
    "images without owner, and those of VCL's own accounts, are the admins' to know of",
    arguments: [nil, CampusBuilder.vclsystem, CampusBuilder.vclreload])
  func nobody(_ owner: Int?) throws {
    let site = try CommandSite()
    try site.history()
    try site.connection.execute("UPDATE user SET email = 'vcl@example.edu' WHERE id IN (2, 3)")
    let pair = try site.forgotten("Forgotten", owner: owner)
    let document = try site.run("2026-01-31", mode: "flag")
    #expect(document.mails.map(\.to) == [Self.admin])
    try site.run(mode: "flag")
    #expect(try site.isDeleted(pair.older))
  }

  @Test("admin is a person, and with a usable address gets the owner's mail")
  func administrator() throws {
    let site = try CommandSite()
    try site.history()
    try site.connection.execute("UPDATE user SET email = 'boss@example.edu' WHERE id = 1")
    try site.forgotten("Forgotten")
    #expect(try site.run(mode: "notify").mails.map(\.to) == ["boss@example.edu"])
  }

  @Test("an owner whose row is gone is as good as none")
  func ownerGone() throws {
    let site = try CommandSite()
    try site.history()
    let owner = try site.campus.user("alice")
    let pair = try site.forgotten("Forgotten", owner: owner)
    try site.connection.executeScript("SET foreign_key_checks = 0;\nDELETE FROM user WHERE id = \(owner);")
    let document = try site.run(mode: "notify")
    #expect(document.exitStatus == 0)
    #expect(document.decisions.map(\.revisionID) == [pair.older])
    #expect(document.decisions.map(\.owner) == [nil])
    #expect(document.mails.map(\.to) == [Self.admin])
  }

  @Test("without anybody to tell, the date may stay and nothing is ever flagged")
  func nobodyAtAll() throws {
    let site = try CommandSite()
    try site.history()
    try site.campus.managementNodeAddresses(sysadmin: nil, shared: nil)
    let pair = try site.forgotten("Forgotten", owner: nil)
    let first = try site.run("2026-01-31", mode: "flag")
    #expect(first.mails.isEmpty)
    try site.run(mode: "flag")
    #expect(try !site.isDeleted(pair.older))
    #expect(try site.plan(set: ["expireimage_mode=flag"])[pair.older].reasons.contains("no_recipient"))
  }

  @Test("one owner's broken address stops no other owner's mail")
  func othersGoOn() throws {
    let site = try CommandSite(
      ScriptedSMTPServer(replies: [.recipientNamed("bob@example.edu"): [.reply("550 5.1.1 no such user")]]))
    try site.history()
    for name in ["alice", "bob", "carol"] {
      try site.forgotten("Image of \(name)", owner: site.campus.user(name))
    }
    let document = try site.run(mode: "notify", set: ["expireimage_max_flag_percent=none"])
    #expect(document.exitStatus == 2)
    #expect(document.decisions.count == 3)
    let accepted = document.mails.filter { $0.status == "accepted" }.map(\.to)
    #expect(Set(accepted) == ["alice@example.edu", "carol@example.edu", Self.admin])
  }
}
