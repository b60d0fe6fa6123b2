import Campus
import Retention

/// Reservations that people make while the nights of the demonstration pass.
struct DemoReservations {
  let campus: DemoCampus

  /// Somebody reserves at an hour of a day, and releases it before the end.
  func add(_ revision: Int, by person: String, _ day: Day, _ hour: Int, _ minute: Int = 0) throws {
    let (year, month, dayOfMonth) = day.components
    let start = CampusTime(year: year, month: month, day: dayOfMonth, hour: hour, minute: minute)
    let reservation = try campus.reserve(revision: revision, user: person, at: start)
    try campus.finishReservation(reservation, at: start.later(hours: 1, minutes: 40))
  }

  /// A few, so that the site's usage data never looks old; fewer on weekends.
  func everyDay(_ day: Day, _ number: Int) throws {
    let students = campus.people.keys.filter { $0 != "vclmonitor" }.sorted()
    let isWeekend = [.saturday, .sunday].contains(day.weekday)
    for index in 0..<(isWeekend ? 2 : 4 + number % 3) {
      let revision = campus.popularRevisions[(number * 7 + index * 3) % campus.popularRevisions.count]
      try add(
        revision, by: students[(number * 5 + index * 11) % students.count], day, 9 + index * 2,
        number * 13 % 60)
    }
  }
}
