/// What the metrics file holds: the names are a promise to dashboards and alerts.
package enum Metric: String, CaseIterable, Sendable {
  case exitStatus = "expireimage_run_exit_status"
  case endTime = "expireimage_run_end_timestamp_seconds"
  case duration = "expireimage_run_duration_seconds"
  case phaseDuration = "expireimage_run_phase_duration_seconds"
  case problems = "expireimage_run_problems"
  case lastSuccess = "expireimage_last_success_timestamp_seconds"
  case lastCompleted = "expireimage_last_completed_timestamp_seconds"
  case mode = "expireimage_mode"
  case revisions = "expireimage_revisions"
  case judgedRevisions = "expireimage_judged_revisions"
  case decisions = "expireimage_decisions"
  case changes = "expireimage_changes"
  case skippedChanges = "expireimage_skipped_changes"
  case limitExceeded = "expireimage_limit_exceeded"
  case dueFlags = "expireimage_due_flags"
  case flagLimit = "expireimage_flag_limit"
  case mails = "expireimage_mails"

  /// What tells the series of one name apart; nil: there is one.
  package var label: String? {
    switch self {
    case .phaseDuration: "phase"
    case .problems: "level"
    case .mode: "mode"
    case .decisions: "decision"
    case .changes: "change"
    case .skippedChanges: "why"
    case .mails: "status"
    default: nil
    }
  }

  /// One sentence for people, in the file and in the README's table.
  package var sentence: String {
    switch self {
    case .exitStatus: "Exit status of the last call of run."
    case .endTime: "When it ended, in seconds since 1970."
    case .duration: "How long it took."
    case .phaseDuration: "How long each part of it took."
    case .problems: "Warnings and errors that it logged."
    case .lastSuccess: "When a run last ended with exit status 0, in mode off, too; absent before the first."
    case .lastCompleted:
      "When a run last did its work to the end, with exit status 0, 2 or 3, in mode off, too; absent before the first."
    case .mode: "1 for the mode that it had, 0 for the others."
    case .revisions: "Revisions that it decided about."
    case .judgedRevisions: "Live revisions that the criteria judge, the base of the percentage limit."
    case .decisions: "Revisions by what was decided."
    case .changes: "Revisions by what was changed."
    case .skippedChanges: "Revisions that were to be changed and were not, by the reason."
    case .limitExceeded: "1 where more was due than one run may flag, so that nothing was flagged."
    case .dueFlags: "Revisions that were due to be flagged."
    case .flagLimit: "Most that it might flag; absent without a limit."
    case .mails: "Mails to owners by what became of them."
    }
  }
}
