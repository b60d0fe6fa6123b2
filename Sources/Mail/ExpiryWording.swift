import Retention

/// What is said of the date of a revision that expires.
struct ExpiryWording {
  let today: Day
  let minimumNoticeDays: Int
  /// Who is told of a new date: the reader, or the owner whom the mail did not reach.
  let isForOwner: Bool

  /// A date more than this many days past is not acted on any more: the revision gets a new one, which is announced
  /// again (the reason `date_missed`). Until then the deletion may still happen at the old date.
  private static let missedAfterDays = 7

  /// A sentence without a full stop.
  func line(_ date: Day) -> String {
    guard date < today else {
      return "Expires \(DateWords.long(date)) (\(DateWords.distance(to: date, from: today)))"
    }
    // Without a minimum notice a date never moves.
    if minimumNoticeDays > 0, today - date > Self.missedAfterDays {
      return "Was due on \(DateWords.short(date)); it gets a new date, which "
        + "\(isForOwner ? "you" : "the owner") will be told, before anything is deleted"
    }
    return "Was due on \(DateWords.short(date)) (\(DateWords.distance(to: date, from: today)));"
      + " see to it now if it is still needed"
  }
}
