import Campus
import TestSupport
import Testing

/// A plan as an admin reads it, byte for byte.
///
/// `EXPIREIMAGE_RECORD_GOLDENS=1 swift test --filter PlanGoldenTests` writes it anew and fails, so that a run which
/// records never passes for one that compared.
@Suite("Golden plan")
struct PlanGoldenTests {
  @Test("A plan with every kind of decision is what its golden shows")
  func everyKindOfDecision() throws {
    let site = try CommandSite()
    let campus = site.campus
    let maria = try campus.user("mgarcia", in: campus.affiliation("Engineering"))
    let tom = try campus.user("thill", in: campus.affiliation("Library"))

    let base = try campus.image("Linux Base", owner: tom)
    let current = try campus.revision(of: base, 4, production: true)
    try campus.use(current, from: "2020-01-07")
    try campus.use(current, from: "2026-02-27 13:00:00")
    let statistics = try campus.image("Statistics 101", owner: maria)
    let first = try campus.revision(of: statistics, 1)
    try campus.revision(of: statistics, 2, created: "2024-06-01 09:00:00")
    let taught = try campus.revision(of: statistics, 3, production: true)
    let draft = try campus.revision(of: statistics, 4, created: "2026-02-10 16:20:00")
    try campus.use(first, from: "2025-01-20 10:00:00")
    try campus.use(taught, from: "2026-02-18 10:00:00")
    let drawing = try campus.image("Drawing &amp; Design", owner: maria)
    let old = try campus.revision(of: drawing, 7)
    let shown = try campus.revision(of: drawing, 8, production: true)
    try campus.use(old, from: "2025-02-03 08:00:00")
    try campus.use(shown, from: "2025-02-11 08:00:00")
    let simulation = try campus.image("Simulation", owner: nil)
    let running = try campus.revision(of: simulation, 1)
    try campus.revision(of: simulation, 2, production: true)
    try campus.use(running, from: "2024-11-04 08:00:00")
    _ = try site.run("2026-01-31", mode: "notify", set: ["expireimage_max_flag_percent=none"])

    // A month later: one was reserved again, one is being used, two have got their date by hand.
    try campus.use(old, from: "2026-02-25 11:00:00")
    try campus.request(of: running, from: "2026-03-01 20:00:00")
    try campus.setExpireDate(draft, "2026-12-31")
    let late = try campus.revision(of: base, 3)
    try campus.use(late, from: "2025-08-30 12:00:00")
    let missed = try campus.revision(of: base, 2)
    try campus.use(missed, from: "2024-05-06 14:30:00")
    try campus.setExpireDate(missed, "2025-12-24")

    let call = try site.call([
      "plan", "--all", "--today", CommandSite.today, "--set", "expireimage_mode=flag",
      "--set", "expireimage_max_flag_percent=none",
    ])
    #expect(call.status == 0)
    #expect(call.errors == "")
    #expect(try Golden.difference(call.output, from: "plan_with_every_kind_of_decision.txt") == nil)
  }
}
