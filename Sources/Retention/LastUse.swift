/// What is known about the use of a revision by people.
package enum LastUse: Sendable, Hashable {
  /// No reservation by a person is on record.
  case never
  /// Reservations are on record, but none of them carries a date.
  case undated
  /// The newest use; never later than the run's own time.
  case at(Moment)

  /// The newest use, or nil when there is none with a date.
  package var moment: Moment? {
    if case .at(let moment) = self { moment } else { nil }
  }

  package var day: Day? { moment?.day }
}
