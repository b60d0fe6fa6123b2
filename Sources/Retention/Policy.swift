/// The tunable rules in force for the images of one affiliation; every field is one parameter of ``Parameter``.
package struct Policy: Sendable, Hashable {
  /// How much a run does.
  package enum Mode: String, Sendable, CaseIterable {
    /// Nothing.
    case off
    /// Decides and reports.
    case report
    /// Marks, redates, unmarks and mails.
    case notify
    /// Everything, flags too.
    case flag
  }

  /// Days per class; 0 means never.
  package struct ClassDays: Sendable, Hashable {
    package var production = 0
    package var older = 0
    package var newer = 0

    package subscript(revisionClass: RevisionClass) -> Int {
      switch revisionClass {
      case .production: production
      case .older: older
      case .newer: newer
      }
    }
  }

  package var mode: Mode = .report
  package var idleDays = ClassDays()
  package var unusedDays = ClassDays()
  package var keepNewest = 0
  package var graceDays = 0
  package var noticeSchedule: NoticeSchedule = .daysLeft([])
  package var minimumNoticeDays = 0
  package var allowedDays = AllowedDays()
  /// Most revisions one run may flag; nil is no limit.
  package var maximumFlagCount: Int?
  /// Most percent of the judged live revisions one run may flag; nil is no limit.
  package var maximumFlagPercent: Int?
  /// 0 is no check.
  package var usageMaximumAgeDays = 0
  package var excludedImages: [Glob] = []
  /// Empty means all owners.
  package var onlyOwners: Set<Account> = []
  package var ignoredUsers: Set<Account> = []
  package var fallbackCounts = false
  package var keepMaximumDays = 0
  package var purgeDays = 0
  package var auditDays = 0
  package var taskDays = 0
  package var pauseMilliseconds = 0

  /// The built-in default of every parameter.
  package static let builtIn: Policy = {
    var policy = Policy()
    for parameter in Parameter.all { _ = parameter.read(parameter.defaultValue, &policy) }
    return policy
  }()

  private init() {}

  /// Whether no revision can ever meet a criterion.
  package var isEmpty: Bool {
    RevisionClass.allCases.allSatisfy { idleDays[$0] == 0 && unusedDays[$0] == 0 }
  }

  /// Whether images can expire as a whole.
  package var judgesProduction: Bool { idleDays.production > 0 || unusedDays.production > 0 }
}
