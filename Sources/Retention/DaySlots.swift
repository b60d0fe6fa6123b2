/// How many revisions fall due on each day: dates are spread so that no day holds more than one run may flag.
struct DaySlots {
  /// Most revisions per day; nil is no limit.
  let capacity: Int?
  private var taken: [Day: Int] = [:]

  init(capacity: Int?) {
    self.capacity = capacity
  }

  mutating func take(_ day: Day, count: Int = 1) {
    taken[day, default: 0] += count
  }

  /// Takes the first allowed day, not before the given one, that has room for so many revisions.
  ///
  /// More revisions than one day may hold (a large image that goes as a whole) get a day of their own.
  mutating func takeFirst(from base: Day, count: Int, allowedDays: AllowedDays) -> Day {
    var day = allowedDays.onOrAfter(base)
    if let capacity {
      while taken[day, default: 0] > max(0, capacity - count) { day = allowedDays.onOrAfter(day + 1) }
    }
    take(day, count: count)
    return day
  }
}
