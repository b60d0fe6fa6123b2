import MariaDB

/// A small made-up campus: about 60 images, 300 revisions and three years of reservations that end the day before the
/// first night, with every oddity of real VCL databases once.
///
/// The same first night always gives the same rows. Nothing in it is taken from the clock.
package struct DemoCampus {
  /// One oddity of real databases, to be looked up in the campus.
  package struct OddCase: Sendable, Equatable {
    /// A short name, unique.
    package let name: String
    /// What is odd, in one sentence.
    package let sentence: String
    /// The revision that shows it; nil when the image as a whole does.
    package let revisionID: Int?
    package let imageID: Int
  }

  /// The account whose reservations are no use, as `expireimage_ignore_users` takes it.
  package static let ignoredUsers = "vclmonitor@Local"
  /// The images never to be judged, as `expireimage_exclude_images` takes it.
  package static let excludedImages = "*golden*"

  /// Midnight at the begin of the first night's day; every date of the campus lies so many days before or after.
  package let firstNight: CampusTime
  package let builder: CampusBuilder
  package let oddCases: [OddCase]
  /// The ids of the people by `unityid`.
  package let people: [String: Int]
  /// Live revisions that people use, production first: to be reserved while the nights pass.
  package let popularRevisions: [Int]
  /// An older revision that nobody has reserved for long, to be rescued by a reservation.
  package let rescuedRevision: Int
  /// Another one, whose date somebody resets by hand.
  package let resetRevision: Int

  /// Loads VCL's base rows and the campus into a schema that has VCL's tables and no rows.
  @discardableResult
  package static func create(
    on connection: Connection, firstNight: (year: Int, month: Int, day: Int)
  ) throws -> DemoCampus {
    let builder = CampusBuilder(connection)
    try builder.loadBaseRows()
    let night = CampusTime(year: firstNight.year, month: firstNight.month, day: firstNight.day)
    return try connection.transaction {
      let history = try DemoHistory(builder, firstNight: night)
      let popular = try history.addEverydayImages()
      let rescued = try history.addPair("Photoshop CS6 Legacy", owner: "bsmith", system: .windows10).older
      let reset = try history.addPair("Maple 2019", owner: "rcohen", system: .windows10).older
      let oddCases = try DemoOddCases(history).add()
      try history.write()
      return DemoCampus(
        firstNight: night, builder: builder, oddCases: oddCases, people: history.people,
        popularRevisions: popular,
        rescuedRevision: rescued, resetRevision: reset)
    }
  }

  /// The odd case with a name.
  package func oddCase(_ name: String) -> OddCase? {
    oddCases.first { $0.name == name }
  }

  /// Sets the dates that some admin has set by hand; possible once the column `expiredate` exists.
  package func setDatesByHand() throws {
    guard let revision = oddCase("date set by hand")?.revisionID else { return }
    try builder.setExpireDate(revision, firstNight.later(days: -100).day)
  }

  /// A person reserves a revision for two hours, in the frontend's order of writes.
  package func reserve(
    revision: Int, user: String, at time: CampusTime
  ) throws -> CampusBuilder.Reservation {
    guard let person = people[user] else { throw CampusError(description: "nobody is called \(user) here") }
    return try builder.reserve(
      [revision], by: person, from: time.description, to: time.later(hours: 2).description,
      at: time.description)
  }

  /// Ends a reservation, as when its person releases it.
  package func finishReservation(_ reservation: CampusBuilder.Reservation, at time: CampusTime) throws {
    try builder.finish(reservation, at: time.description)
  }
}
