/// When the owner of a marked revision is reminded: so many days before its date, or regularly.
package enum NoticeSchedule: Sendable, Hashable {
  /// A notice when so many days are left; the steps in descending order.
  case daysLeft([Int])
  /// A notice every so many days, counted from the mark.
  case every(Int)

  /// `30,14,7,1`, `every 7` or `none`; nil for anything else.
  package init?(_ text: String) {
    let text = text.trimmedSpaces.lowercased()
    if text == "none" {
      self = .daysLeft([])
      return
    }
    if text.hasPrefix("every ") {
      guard let days = ParameterText.integer(String(text.dropFirst(6)), 1...3650) else { return nil }
      self = .every(days)
      return
    }
    var steps: Set<Int> = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let days = ParameterText.integer(String(item), 1...3650) else { return nil }
      steps.insert(days)
    }
    self = .daysLeft(steps.sorted(by: >))
  }

  /// Whether a step has come since a notice of this date was last queued. Missed steps count as one.
  ///
  /// - Parameters:
  ///   - date: the expire date.
  ///   - markedOn: the day of the mark.
  ///   - lastQueued: the newest day on which a notice of this date was queued for the present owner.
  ///   - today: the day of the run.
  ///   - days: how days are counted.
  /// - Returns: whether a notice is due today.
  package func isStepDue(date: Day, markedOn: Day, lastQueued: Day, today: Day, days: AllowedDays) -> Bool {
    switch self {
    case .daysLeft(let steps):
      let left = days.days(from: today, to: date)
      let leftAtLastNotice = days.days(from: lastQueued, to: date)
      return steps.contains { left <= $0 && leftAtLastNotice > $0 }
    case .every(let interval):
      let elapsed = days.days(from: markedOn, to: today) / interval
      return elapsed > days.days(from: markedOn, to: lastQueued) / interval
    }
  }

  /// The largest number of days before the date at which a notice is due, for a check against the grace.
  package var earliestStep: Int? {
    switch self {
    case .daysLeft(let steps): steps.first
    case .every(let interval): interval
    }
  }
}

extension StringProtocol {
  /// The text without spaces, tabs and line ends around it.
  package var trimmedSpaces: String {
    var text = Substring(self)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text.drop(while: \.isWhitespace))
  }
}
