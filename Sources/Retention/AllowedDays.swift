/// The days on which expire dates fall and revisions are flagged, and how days are counted.
package struct AllowedDays: Sendable, Hashable {
  /// How grace, notice steps and minimum notice are counted; idle and unused days are always calendar days.
  package enum Count: String, Sendable, CaseIterable {
    /// Every day counts.
    case calendar
    /// Only allowed days count.
    case business
  }

  package var weekdays: Set<Weekday> = Set(Weekday.allCases)
  package var blackout: [ClosedRange<Day>] = []
  package var count: Count = .calendar

  package init() {}

  package func allows(_ day: Day) -> Bool {
    weekdays.contains(day.weekday) && !blackout.contains { $0.contains(day) }
  }

  /// The day itself when it is allowed, else the next allowed one.
  ///
  /// Gives up after ten years, so that a policy without any allowed day cannot hang the program; such a
  /// policy is refused before it is used.
  package func onOrAfter(_ day: Day) -> Day {
    var candidate = day
    while !allows(candidate), candidate - day < 3660 { candidate = candidate + 1 }
    return candidate
  }

  /// The allowed day that is the given number of counted days after a day.
  package func date(_ days: Int, after start: Day) -> Day {
    guard count == .business else { return onOrAfter(start + days) }
    var candidate = start
    for _ in 0..<days { candidate = onOrAfter(candidate + 1) }
    return onOrAfter(candidate)
  }

  /// The counted days from the first day (not counted itself) to the second; negative when it lies before.
  package func days(from start: Day, to end: Day) -> Int {
    guard count == .business else { return end - start }
    guard start <= end else { return -days(from: end, to: start) }
    return stride(from: start.number + 1, through: end.number, by: 1).count { allows(Day(number: $0)) }
  }

  /// How many of the 366 days from the given one on are allowed.
  package func allowedInYear(from day: Day) -> Int {
    (0..<366).count { allows(day + $0) }
  }
}
