/// A policy that cannot be used, or a value that is none.
package enum PolicyError: Error, Equatable, CustomStringConvertible {
  case unknownKey(String)
  case siteWideOnly(String)
  case badValue(name: String, value: String, range: String)
  /// Two parameters contradict each other; the text says which and what to change.
  case contradiction(String)

  package var description: String {
    switch self {
    case .unknownKey(let name):
      "\(name): no such parameter; `expireimage policy show` lists them"
    case .siteWideOnly(let name):
      "\(name): this parameter holds for the whole site and takes no affiliation; leave the affiliation out"
    case .badValue(let name, let value, let range):
      "\(name) is '\(value)'; allowed: \(range)"
    case .contradiction(let text): text
    }
  }
}

extension PolicySet {
  /// The first contradiction, if there is one. A policy with a contradiction is never used.
  package func contradiction(today: Day) -> PolicyError? {
    for (affiliation, policy) in named {
      func text(_ problem: String) -> PolicyError {
        .contradiction(problem + (affiliation.map { " (affiliation \($0))" } ?? ""))
      }
      if policy.minimumNoticeDays > policy.graceDays {
        return text(
          "expireimage_min_notice_days (\(policy.minimumNoticeDays)) is above expireimage_grace_days"
            + " (\(policy.graceDays)); raise the grace or lower the minimum notice")
      }
      let allowed = policy.allowedDays.allowedInYear(from: today)
      if allowed < 20 {
        return text(
          "expireimage_weekdays and expireimage_blackout leave \(allowed) days in the coming 366;"
            + " at least 20 are needed")
      }
    }
    if site.mode == .flag, named.allSatisfy(\.policy.isEmpty) {
      return .contradiction(
        "expireimage_mode is flag, but every expireimage_idle_days_* and expireimage_unused_days_* is 0;"
          + " set one, or set the mode to off")
    }
    return nil
  }

  /// What is unusual, but can be used.
  package func warnings() -> [String] {
    named.compactMap { affiliation, policy in
      guard let step = policy.noticeSchedule.earliestStep, step > policy.graceDays else { return nil }
      return "expireimage_notice_days: the step of \(step) days is above expireimage_grace_days"
        + " (\(policy.graceDays)) and never comes before the mark"
        + (affiliation.map { " (affiliation \($0))" } ?? "")
    }
  }
}
