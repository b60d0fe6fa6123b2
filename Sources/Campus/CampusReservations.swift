import Assets
import MariaDB

/// Reservations that exist now, and computers.
extension CampusBuilder {
  /// Adds a request and one reservation, which hold the revision unless the state is complete or failed.
  ///
  /// No log row: this is how VCL's own accounts load computers. Returns the request's id.
  @discardableResult
  package func request(
    of revision: Int, by user: Int = CampusBuilder.admin, state: VCLState = .inuse,
    from start: String = "2024-01-15",
    to end: String = "2037-01-01", log: Int? = nil, image: Int? = nil, computer: Int = 1
  ) throws -> Int {
    let request = try insert(
      Assets.Campus.insertRequest,
      [
        Value(state.rawValue), Value(user), Value(VCLState.reserved.rawValue), Value(log),
        Value(state == .image || state == .checkpoint ? 1 : 0), Value(start), Value(end), Value(start),
      ])
    try connection.execute(
      Assets.Campus.insertReservation,
      [
        Value(request), Value(computer), Value(try image ?? self.image(ofRevision: revision)),
        Value(revision), Value(1),
      ])
    return request
  }

  /// Moves a request to another state.
  package func setState(request: Int, _ state: VCLState, at time: String? = nil) throws {
    try connection.execute(
      Assets.Campus.setRequestState, [Value(state.rawValue), Value(time), Value(request)])
  }

  /// Adds a semaphore: the frontend is making a reservation of the revision, and holds it until `expires`.
  package func semaphore(
    of revision: Int, expires: String, computer: Int = 1, process: String = "reserving"
  ) throws {
    try connection.execute(
      Assets.Campus.insertSemaphore,
      [
        Value(computer), Value(try image(ofRevision: revision)), Value(revision), Value(1), Value(expires),
        Value(process),
      ])
  }

  /// Adds a computer with a revision loaded on it; `next` is the image that it is to get.
  @discardableResult
  package func computer(
    with revision: Int = 1, state: VCLState = .available, next image: Int = 1, deletedAt: String? = nil
  ) throws -> Int {
    let number = nextNumber()
    return try insert(
      Assets.Campus.insertComputer,
      [
        Value(state.rawValue), Value(try self.image(ofRevision: revision)), Value(image), Value(revision),
        Value("vm-\(revision)-\(number)"), Value("10.1.\(number / 250 + 1).\(number % 250 + 1)"),
        Value(deletedAt == nil ? 0 : 1), Value(deletedAt ?? CampusBuilder.zeroDate),
      ])
  }

  /// Moves a computer to another state.
  package func setState(computer: Int, _ state: VCLState) throws {
    try connection.execute(Assets.Campus.setComputerState, [Value(state.rawValue), Value(computer)])
  }
}

// MARK: - As the frontend writes

extension CampusBuilder {
  /// A reservation that a person made: what `finish` and `reinstall` need to know of it.
  package struct Reservation: Sendable, Equatable {
    package let log: Int
    package let request: Int
  }

  /// Makes a person's reservation in the frontend's order of writes, each a statement of its own: semaphores, `log`,
  /// `request`, UPDATE `log`, `sublog` (one row for each revision), `reservation` from the semaphores, `changelog`.
  package func reserve(
    _ revisions: [Int], by user: Int, from start: String, to end: String, at now: String, computer: Int = 1
  ) throws -> Reservation {
    let process = "reserve-\(nextNumber())"
    for revision in revisions {
      try semaphore(of: revision, expires: end, computer: computer, process: process)
    }
    let isLater = start > now
    let image = try image(ofRevision: revisions[0])
    let log = try insert(
      Assets.Campus.insertLog,
      [
        .null, Value(user), Value(isLater ? "future" : "now"), Value(start), .null, Value(end), Value(end),
        Value("none"), .null, Value(image),
      ])
    let request = try insert(
      Assets.Campus.insertRequest,
      [
        Value(VCLState.new.rawValue), Value(user), Value(VCLState.new.rawValue), Value(log), Value(0),
        Value(start), Value(end), Value(now),
      ])
    try connection.execute(Assets.Campus.setLogRequest, [Value(request), Value(log)])
    for revision in revisions {
      try connection.execute(
        Assets.Campus.insertSublog,
        [
          Value(log), Value(try self.image(ofRevision: revision)), Value(revision), Value(computer),
          Value(1),
        ])
    }
    try connection.execute(
      Assets.Campus.insertReservationFromSemaphore, [Value(request), Value(process)])
    try change(of: log, at: now, start: start, end: end)
    try connection.execute(Assets.Campus.deleteSemaphore, [Value(process)])
    return Reservation(log: log, request: request)
  }

  /// Moves a person's reservation to another revision of the image: an UPDATE and a changelog row are all that VCL writes.
  package func reinstall(_ reservation: Reservation, with revision: Int, at now: String) throws {
    let id = try connection.first(Assets.Campus.reservationOfRequest, [Value(reservation.request)]) {
      $0.int(0)
    }
    try connection.execute(Assets.Campus.setReservationRevision, [Value(revision), Value(id)])
    try reinstall(of: reservation.log, with: revision, at: now)
  }

  /// Ends a person's reservation: the log gets its end, the request and its reservation are gone.
  package func finish(_ reservation: Reservation, at now: String, ending: String = "released") throws {
    try change(of: reservation.log, at: now, end: now)
    try connection.execute(
      Assets.Campus.setLogEnd, [Value(now), Value(ending), Value(reservation.log)])
    try setState(request: reservation.request, .complete, at: now)
    try connection.execute(Assets.Campus.deleteRequest, [Value(reservation.request)])
  }
}
