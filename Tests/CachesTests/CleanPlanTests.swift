import Caches
import Testing

@Suite struct CleanPlanTests {
  private static let now = FileTime(seconds: 1_000_000)

  private static func item(
    _ name: String, age: Int64, writer: WriterState = .unknown, obstacle: Obstacle? = nil
  ) -> AreaItem {
    AreaItem(
      name: name, size: EntrySize(files: 1), modified: FileTime(seconds: now.seconds - age), writer: writer,
      obstacle: obstacle)
  }

  @Test(
    "an incomplete entry goes when it is strictly older than the stall time, unless its writer is known",
    arguments: [
      (100, .unknown, true, "recent"), (99, .unknown, true, "recent"), (101, .unknown, false, "stalled"),
      (-500, .unknown, true, "recent"), (9_999_999, .alive, true, "writer_alive"),
      (-500, .dead, false, "writer_dead"), (0, .dead, false, "writer_dead"),
    ] as [(Int64, WriterState, Bool, String)])
  func incomplete(age: Int64, writer: WriterState, stays: Bool, reason: String) {
    let plan = CleanPlan(
      invalid: [], incomplete: [Self.item("a", age: age, writer: writer)], stallSeconds: 100, now: Self.now)
    #expect(plan.kept.isEmpty != stays)
    #expect((plan.kept + plan.removals).map(\.reason.rawValue) == [reason])
  }

  @Test("a nanosecond more than the stall time is strictly older")
  func nanosecond() {
    let item = AreaItem(
      name: "a", size: EntrySize(), modified: FileTime(nanoseconds: Self.now.nanoseconds - 100_000_000_001))
    let plan = CleanPlan(invalid: [], incomplete: [item], stallSeconds: 100, now: Self.now)
    #expect(plan.removals.count == 1)
  }

  @Test("an invalid entry goes at once, whatever its age, but not past an obstacle")
  func invalid() {
    let plan = CleanPlan(
      invalid: [
        Self.item("b", age: 0), Self.item("a", age: -9),
        Self.item("mounted", age: 0, obstacle: .otherFileSystem),
      ], incomplete: [Self.item("m", age: 9_999, writer: .dead, obstacle: .containsRoot)], stallSeconds: 100,
      now: Self.now)
    #expect(plan.removals.map(\.item.name) == ["a", "b"])
    #expect(plan.kept.map(\.item.name) == ["mounted", "m"])
    #expect(plan.kept.allSatisfy { $0.reason == .obstacle })
  }
}
