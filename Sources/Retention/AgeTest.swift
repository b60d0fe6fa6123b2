/// The criterion of age that a revision is measured by, with its numbers: days since its last use, or, never reserved,
/// days since its creation.
///
/// "More than N days" is strictly greater, and a limit of 0 days means never.
package struct AgeTest: Sendable, Equatable {
  package enum Basis: Sendable, Equatable {
    case lastUse(Day)
    /// Never reserved; before `recordedSince` that is not proven.
    case creation(Day?, recordedSince: Day?)
  }

  package let revisionClass: RevisionClass
  package let basis: Basis
  /// `expireimage_idle_days_…` or `expireimage_unused_days_…`.
  package let limit: Int
  package let today: Day

  /// The day that the age counts from; nil when it is not known.
  package var since: Day? {
    switch basis {
    case .lastUse(let day): day
    case .creation(let created, let recordedSince):
      if let created, let recordedSince { max(created, recordedSince) } else { nil }
    }
  }

  package var days: Int? { since.map { today - $0 } }

  package var isMet: Bool { limit > 0 && days.map { $0 > limit } ?? false }

  /// The first day on which the criterion is met, where nothing is reserved until then; nil: never.
  package var metOn: Day? { limit > 0 ? since.map { $0 + limit + 1 } : nil }

  /// The criterion that is met, or why it is not.
  package var reason: Reason {
    guard limit > 0 else { return .criterionOff }
    switch basis {
    case .lastUse:
      guard isMet else { return .recentlyUsed }
      return switch revisionClass {
      case .production: .idleProduction
      case .older: .idleOlder
      case .newer: .idleNewer
      }
    case .creation(let created, _):
      guard let created, today - created > limit else { return .recentlyCreated }
      guard isMet else { return .usageHistoryShort }
      return switch revisionClass {
      case .production: .neverReservedProduction
      case .older: .neverReservedOlder
      case .newer: .neverReservedNewer
      }
    }
  }
}
