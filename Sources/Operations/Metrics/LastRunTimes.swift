import VCLDatabase

/// When runs last ended well, in seconds since 1970; nil: never, as far as is known.
struct LastRunTimes {
  /// With exit status 0.
  var success: Double?
  /// With their work done to the end, if not all of it.
  var completed: Double?

  static let unknown = LastRunTimes()

  /// The later ones: another management node may have run since this one has, and a database that is down tells nothing.
  func merged(with other: LastRunTimes) -> LastRunTimes {
    func later(_ one: Double?, _ other: Double?) -> Double? { [one, other].compactMap { $0 }.max() }
    return LastRunTimes(
      success: later(success, other.success), completed: later(completed, other.completed))
  }

  /// Without those that are yet to come, of a clock that was ahead: they would hide every failure until then.
  func notAfter(_ now: Double) -> LastRunTimes {
    LastRunTimes(
      success: success.flatMap { $0 <= now ? $0 : nil }, completed: completed.flatMap { $0 <= now ? $0 : nil }
    )
  }

  /// With the run that has just ended.
  func adding(_ exitStatus: ExitStatus, at end: Double) -> LastRunTimes {
    switch exitStatus {
    case .done: LastRunTimes(success: end, completed: end)
    case .doneInPart, .limitExceeded: LastRunTimes(success: success, completed: end)
    default: self
    }
  }
}

extension LastRunTimes {
  /// What the runs' rows say.
  init(_ site: Site) throws {
    let times = try RunRecord.lastEnds(try site.connectReady())
    self.init(success: times.success, completed: times.completed)
  }
}
