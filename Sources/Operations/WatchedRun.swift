import Foundation

/// The nightly run as schedulers and monitoring see it: what goes wrong with its log and its metrics file is told, and
/// never undoes what it has done.
package struct WatchedRun {
  private let options: CallOptions
  private let isDryRun: Bool
  private let metricsFile: MetricsFile?
  private let site: () throws -> Site

  /// - Parameters:
  ///   - metricsPath: of the file for the node exporter; nil: none is written.
  ///   - site: reads the settings; a run that they stop is one, too.
  package init(
    _ options: CallOptions, isDryRun: Bool, metricsPath: String?, site: @escaping () throws -> Site
  ) {
    self.options = options
    self.isDryRun = isDryRun
    metricsFile = metricsPath.map { MetricsFile(path: $0) }
    self.site = site
  }

  /// - Throws: ``Failure``, after the metrics of the run that was stopped are written.
  package func run(_ progress: Progress) throws -> RunReport {
    let start = ContinuousClock.now
    var present: Site?
    do {
      let site = try site()
      present = site
      var report = try RunOperation(site, options, isDryRun: isDryRun).run(progress)
      report.note(logFailure: progress.logFailure)
      if let fault = write(report, report.exitStatus, since: start, present, progress) {
        report.add(fault: fault)
      }
      return report
    } catch {
      let failure = Failure(error)
      progress.failed(failure)
      _ = write(nil, failure.exitStatus, since: start, present, progress)
      throw ToldFailure(exitStatus: failure.exitStatus)
    }
  }

  /// - Returns: what went wrong, in one line that is in the log already; nil: nothing.
  private func write(
    _ report: RunReport?, _ exitStatus: ExitStatus, since start: ContinuousClock.Instant, _ site: Site?,
    _ progress: Progress
  ) -> String? {
    guard let metricsFile else { return nil }
    let end = Date().timeIntervalSince1970.rounded(.down)
    var past = metricsFile.times.notAfter(end)
    // A database that cannot be reached would be waited for once more.
    if let site, exitStatus != .databaseUnavailable, let stored = try? LastRunTimes(site) {
      past = past.merged(with: stored.notAfter(end))
    }
    let metrics = RunMetrics(
      report: report, exitStatus: exitStatus, end: end, duration: (.now - start) / .seconds(1),
      progress: progress,
      times: past.adding(exitStatus, at: end))
    do {
      try metricsFile.write(metrics.text)
      return nil
    } catch {
      let fault =
        "the metrics file '\(metricsFile.path)' cannot be written: \(error.reason); the run itself is not affected,"
        + " \(error.advice)"
      progress.event(fault, level: .error)
      return fault
    }
  }
}

/// A failure that is in the log already: only its exit status is left to tell.
package struct ToldFailure: Error {
  package let exitStatus: ExitStatus
}
