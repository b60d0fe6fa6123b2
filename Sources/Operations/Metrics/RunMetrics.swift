import Foundation
import Logging
import Retention

/// What one call of `run` came to, in Prometheus's text format.
struct RunMetrics {
  private var samples: [(metric: Metric, label: String?, value: Double)] = []

  /// - Parameters:
  ///   - report: nil where the run was stopped; then there is nothing to count.
  ///   - end: seconds since 1970.
  ///   - duration: in seconds.
  ///   - times: with this run's in them.
  init(
    report: RunReport?, exitStatus: ExitStatus, end: Double, duration: Double, progress: Progress,
    times: LastRunTimes
  ) {
    add(.exitStatus, Double(exitStatus.rawValue))
    add(.endTime, end)
    add(.duration, duration)
    let durations = progress.durations()
    for phase in Progress.Phase.ofRun {
      add(.phaseDuration, phase.rawValue, (durations[phase] ?? .zero) / .seconds(1))
    }
    for level in [Logger.Level.warning, .error] {
      add(.problems, level.rawValue, Double(progress.problems[level] ?? 0))
    }
    if let success = times.success { add(.lastSuccess, success) }
    if let completed = times.completed { add(.lastCompleted, completed) }
    if let report { count(report) }
  }

  /// Every value that a label can have has a sample: a series that comes and goes is hard to alert on.
  private mutating func count(_ report: RunReport) {
    for mode in Policy.Mode.allCases { add(.mode, mode.rawValue, mode == report.mode ? 1 : 0) }
    guard let plan = report.plan else { return }
    add(.revisions, Double(plan.decisions.count))
    add(.judgedRevisions, Double(plan.judged))
    let decided = plan.countsByKind
    for kind in Decision.Kind.allCases { add(.decisions, kind.rawValue, Double(decided[kind] ?? 0)) }
    for (change, count) in report.changes { add(.changes, change, Double(count)) }
    let skipped = report.skippedCounts
    for why in SkippedRow.Why.allCases {
      add(.skippedChanges, why.rawValue, Double(skipped[why.rawValue] ?? 0))
    }
    add(.limitExceeded, plan.overLimit == nil ? 0 : 1)
    add(.dueFlags, Double(plan.overLimit ?? decided[.flag] ?? 0))
    if let limit = plan.limit { add(.flagLimit, Double(limit)) }
    for status in MailStatus.allCases {
      add(.mails, status.rawValue, Double(report.mails.count { $0.status == status.rawValue }))
    }
  }

  private mutating func add(_ metric: Metric, _ value: Double) { samples.append((metric, nil, value)) }

  private mutating func add(_ metric: Metric, _ label: String, _ value: Double) {
    samples.append((metric, label, value))
  }

  /// The file.
  var text: String {
    var lines: [String] = []
    for metric in Metric.allCases {
      let own = samples.filter { $0.metric == metric }
      guard !own.isEmpty else { continue }
      lines += ["# HELP \(metric.rawValue) \(metric.sentence)", "# TYPE \(metric.rawValue) gauge"]
      for sample in own {
        let label = metric.label.flatMap { name in sample.label.map { "{\(name)=\"\($0)\"}" } } ?? ""
        lines.append("\(metric.rawValue)\(label) \(Self.number(sample.value))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whole numbers without a fraction, and never an exponent, which people misread.
  private static func number(_ value: Double) -> String {
    value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.3f", value)
  }
}

extension RunReport {
  /// How many revisions were changed, by what became of them; those restored are not among the unmarked.
  fileprivate var changes: [(change: String, count: Int)] {
    func count(_ kind: Decision.Kind) -> Int { decisions.count { $0.kind == kind && !$0.isRestore } }
    return [
      ("mark", count(.mark)), ("redate", count(.redate)), ("unmark", count(.unmark)),
      ("restore", decisions.count(where: \.isRestore)), ("flag", count(.flag)),
    ]
  }
}
