/// One tunable of VCL's `variable` table: its name, default, range, unit and meaning.
///
/// The README's table, `policy show` and the migration all come from ``all``.
package struct Parameter: Sendable {
  /// The row's name in `variable`; with `|Affiliation` behind it, the override of one affiliation.
  package let key: String
  /// As an admin writes it.
  package let defaultValue: String
  /// The values it takes, in words.
  package let range: String
  package let unit: Unit
  /// Whether it holds for the whole site, so that an affiliation cannot override it.
  package let isSiteWide: Bool
  package let sentence: String
  /// Puts a value into a policy; false when the text is not a value of this parameter.
  package let read: @Sendable (String, inout Policy) -> Bool

  package enum Unit: String, Sendable {
    case none = ""
    case days
    case revisions
    case percent
    case milliseconds
  }

  /// How the key of every parameter begins; what else is in the table is not this program's.
  package static let keyPrefix = "expireimage_"

  /// The parameter of that name, or nil.
  package static func named(_ key: String) -> Parameter? { all.first { $0.key == key } }
}

extension Parameter {
  /// Every parameter, in the order in which they are shown.
  ///
  /// VCL looks its variables up by an unanchored pattern, so no key may be the beginning of another.
  package static let all: [Parameter] = [
    choice(
      "expireimage_mode", "report", siteWide: true,
      "How much the nightly run does: nothing, decide only, mark and mail, or everything."
    ) { $0.mode = $1 },
    days("expireimage_idle_days_production", 0, "Days since its last use; counts only for a whole image.") {
      $0.idleDays.production = $1
    },
    days("expireimage_idle_days_older", 180, "Days since its last use, for a revision older than production.")
    {
      $0.idleDays.older = $1
    },
    days("expireimage_idle_days_newer", 365, "Days since its last use, for a revision newer than production.")
    {
      $0.idleDays.newer = $1
    },
    days(
      "expireimage_unused_days_production", 0,
      "Never reserved: days since creation; counts only for a whole image."
    ) { $0.unusedDays.production = $1 },
    days("expireimage_unused_days_older", 90, "Never reserved: days since creation, older than production.") {
      $0.unusedDays.older = $1
    },
    days("expireimage_unused_days_newer", 180, "Never reserved: days since creation, newer than production.")
    {
      $0.unusedDays.newer = $1
    },
    number(
      "expireimage_keep_newest", 0, 0...65_535, .revisions,
      "So many newest non-production revisions of each image never expire."
    ) { $0.keepNewest = $1 },
    days("expireimage_grace_days", 30, "Days from the mark to the expire date.", allowed: 0...3650) {
      $0.graceDays = $1
    },
    Parameter(
      key: "expireimage_notice_days", defaultValue: "30,14,7,1", range: "a list of days, every N, or none",
      unit: .days,
      isSiteWide: false, sentence: "A notice when so many days are left, or one every so many days."
    ) { text, policy in
      guard let schedule = NoticeSchedule(text) else { return false }
      policy.noticeSchedule = schedule
      return true
    },
    days(
      "expireimage_min_notice_days", 14,
      "Days between the first accepted notice and the flag; 0 needs no notice.",
      allowed: 0...3650
    ) { $0.minimumNoticeDays = $1 },
    choice(
      "expireimage_day_count", "calendar", siteWide: false,
      "Whether grace, notice steps and minimum notice count all days or allowed days only."
    ) { (policy: inout Policy, count: AllowedDays.Count) in policy.allowedDays.count = count },
    Parameter(
      key: "expireimage_weekdays", defaultValue: "all",
      range: "all, or a list of mon,tue,wed,thu,fri,sat,sun",
      unit: .none, isSiteWide: false, sentence: "Weekdays on which dates fall and revisions are flagged."
    ) { text, policy in
      guard let weekdays = ParameterText.weekdays(text) else { return false }
      policy.allowedDays.weekdays = weekdays
      return true
    },
    Parameter(
      key: "expireimage_blackout", defaultValue: "none",
      range: "none, or a list of days and ranges (DAY..DAY)",
      unit: .none, isSiteWide: false, sentence: "Days on which no date falls and nothing is flagged."
    ) { text, policy in
      guard let blackout = ParameterText.blackout(text) else { return false }
      policy.allowedDays.blackout = blackout
      return true
    },
    limit(
      "expireimage_max_flag_count", "200", 0...16_777_215, .revisions, "Most revisions that one run may flag."
    ) {
      $0.maximumFlagCount = $1
    },
    limit(
      "expireimage_max_flag_percent", "10", 0...100, .percent,
      "Most of the judged live revisions that one run may flag."
    ) { $0.maximumFlagPercent = $1 },
    days(
      "expireimage_usage_max_age_days", 30,
      "When the newest reservation is older, the usage data is not trusted and the run stops; 0 is no check.",
      siteWide: true
    ) { $0.usageMaximumAgeDays = $1 },
    Parameter(
      key: "expireimage_exclude_images", defaultValue: "", range: "a list of shell patterns", unit: .none,
      isSiteWide: false, sentence: "Patterns of image names (image.name) that are never judged."
    ) { text, policy in
      guard let globs = ParameterText.list(text, Glob.init(_:)) else { return false }
      policy.excludedImages = globs
      return true
    },
    accounts("expireimage_only_owners", "Pilot: only images of these owners are judged; empty means all.") {
      $0.onlyOwners = $1
    },
    accounts("expireimage_ignore_users", "Accounts whose reservations are no use, such as monitoring.") {
      $0.ignoredUsers = $1
    },
    Parameter(
      key: "expireimage_fallback_counts", defaultValue: "no", range: "yes, no", unit: .none,
      isSiteWide: false,
      sentence: "Whether a notice that only the admin got, because the owner's failed, counts as notice."
    ) { text, policy in
      guard let value = ParameterText.boolean(text) else { return false }
      policy.fallbackCounts = value
      return true
    },
    days(
      "expireimage_keep_max_days", 365,
      "Longest keep that an owner may set; admins are free; 0 lets owners keep nothing."
    ) {
      $0.keepMaximumDays = $1
    },
    days(
      "expireimage_purge_days", 0,
      "`image purge` removes files so many days after the flag, as mails tell; 0 means never.", siteWide: true
    ) {
      $0.purgeDays = $1
    },
    days(
      "expireimage_audit_days", 0,
      "Audit rows, and keeps that have ended, are kept so many days; 0 means for ever.",
      siteWide: true
    ) {
      $0.auditDays = $1
    },
    days(
      "expireimage_task_days", 30,
      "Finished jobs are kept so many days, with their logs; 0 forgets them with the next run.",
      siteWide: true
    ) {
      $0.taskDays = $1
    },
    number(
      "expireimage_pause_ms", 0, 0...60_000, .milliseconds, "Pause between the batches of a run.",
      siteWide: true
    ) { $0.pauseMilliseconds = $1 },
  ]
}

extension Parameter {
  private static func number(
    _ key: String, _ defaultValue: Int, _ range: ClosedRange<Int>, _ unit: Unit, _ sentence: String,
    siteWide: Bool = false, _ assign: @escaping @Sendable (inout Policy, Int) -> Void
  ) -> Parameter {
    Parameter(
      key: key, defaultValue: String(defaultValue), range: "\(range.lowerBound) to \(range.upperBound)",
      unit: unit,
      isSiteWide: siteWide, sentence: sentence
    ) { text, policy in
      guard let value = ParameterText.integer(text, range) else { return false }
      assign(&policy, value)
      return true
    }
  }

  private static func days(
    _ key: String, _ defaultValue: Int, _ sentence: String, allowed: ClosedRange<Int> = 0...36_500,
    siteWide: Bool = false, _ assign: @escaping @Sendable (inout Policy, Int) -> Void
  ) -> Parameter {
    number(key, defaultValue, allowed, .days, sentence, siteWide: siteWide, assign)
  }

  private static func limit(
    _ key: String, _ defaultValue: String, _ range: ClosedRange<Int>, _ unit: Unit, _ sentence: String,
    _ assign: @escaping @Sendable (inout Policy, Int?) -> Void
  ) -> Parameter {
    Parameter(
      key: key, defaultValue: defaultValue, range: "none, or \(range.lowerBound) to \(range.upperBound)",
      unit: unit,
      isSiteWide: true, sentence: sentence
    ) { text, policy in
      let isUnlimited = text.trimmedSpaces.lowercased() == "none"
      let value = ParameterText.integer(text, range)
      guard isUnlimited || value != nil else { return false }
      assign(&policy, value)
      return true
    }
  }

  private static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ defaultValue: String, siteWide: Bool, _ sentence: String,
    _ assign: @escaping @Sendable (inout Policy, Value) -> Void
  ) -> Parameter {
    Parameter(
      key: key, defaultValue: defaultValue, range: Value.allCases.map(\.rawValue).joined(separator: ", "),
      unit: .none,
      isSiteWide: siteWide, sentence: sentence
    ) { text, policy in
      guard let value = Value(rawValue: text.trimmedSpaces.lowercased()) else { return false }
      assign(&policy, value)
      return true
    }
  }

  private static func accounts(
    _ key: String, _ sentence: String, _ assign: @escaping @Sendable (inout Policy, Set<Account>) -> Void
  ) -> Parameter {
    Parameter(
      key: key, defaultValue: "", range: "a list of unityid@Affiliation", unit: .none, isSiteWide: true,
      sentence: sentence
    ) { text, policy in
      guard let accounts = ParameterText.list(text, Account.init(_:)) else { return false }
      assign(&policy, Set(accounts))
      return true
    }
  }
}
