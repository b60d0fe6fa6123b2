/// How many revisions fall due on each day: dates are spread so that no day holds more than its run may flag.
///
/// What a run may flag can be a percentage of the revisions that are judged then, so that it falls with
/// every day before it: after 10 of 100 are flagged, 10 percent are 9.
struct DaySlots {
  let today: Day
  /// How many revisions will be judged tomorrow.
  let judged: Int
  /// Most revisions that one run may flag of so many judged ones; nil is no limit.
  let limit: (_ judged: Int) -> Int?
  /// By days from today; what lies before it is due today.
  private var taken: [Int] = []

  init(today: Day, judged: Int, limit: @escaping (_ judged: Int) -> Int?) {
    self.today = today
    self.judged = judged
    self.limit = limit
  }

  /// Counts a revision that has its date already.
  ///
  /// A date centuries ahead, as people write for "never", is left out: no date that is given now comes near it.
  mutating func take(_ day: Day) {
    guard day - today < 36_600 else { return }
    take(max(0, day - today), count: 1)
  }

  private mutating func take(_ index: Int, count: Int) {
    if index >= taken.count { taken += Array(repeating: 0, count: index + 1 - taken.count) }
    taken[index] += count
  }

  /// Takes the first allowed day, not before the given one, that has room for so many revisions.
  ///
  /// More revisions than one day may hold (a large image that goes as a whole) get a day of their own.
  mutating func takeFirst(from base: Day, count: Int, allowedDays: AllowedDays) -> Day {
    var day = allowedDays.onOrAfter(base)
    var index = max(0, day - today)
    var earlier = taken.prefix(index).reduce(0, +)
    while !hasRoom(index, earlier: earlier, count: count) {
      let next = allowedDays.onOrAfter(day + 1)
      earlier += taken.dropFirst(index).prefix(next - day).reduce(0, +)
      index += next - day
      day = next
    }
    take(index, count: count)
    return day
  }

  private func hasRoom(_ index: Int, earlier: Int, count: Int) -> Bool {
    guard let capacity = limit(max(0, judged - earlier)) else { return true }
    let present = index < taken.count ? taken[index] : 0
    return present <= max(0, capacity - count) && leavesRoomLater(index, earlier: earlier, count: count)
  }

  /// Whether the days after that one keep within their own limits when so many more go before them.
  private func leavesRoomLater(_ index: Int, earlier: Int, count: Int) -> Bool {
    guard index < taken.count else { return true }
    var before = earlier + taken[index]
    for later in taken[(index + 1)...] where later > 0 {
      guard let now = limit(max(0, judged - before)), let then = limit(max(0, judged - before - count)) else {
        return true
      }
      if later <= now && later > then { return false }
      before += later
    }
    return true
  }
}
