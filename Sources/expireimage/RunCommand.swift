import ArgumentParser
import Foundation
import Operations

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "The nightly run: decide, set and clear dates, mail the owners, flag what has expired.",
    usage:
      "expireimage run [--dry-run] [--json] [--quiet] [--metrics <file>] [--set <key=value> ...] [<options>]",
    discussion: """
      How much it does is the parameter expireimage_mode: off, report, notify or flag. Standard error is a log with a \
      line for each event: with priorities where journald reads it, one that only speaks of trouble with --quiet.

      Example: expireimage run --dry-run --set expireimage_mode=flag
      """)

  @OptionGroup var settingsOptions: SettingsOptions
  @OptionGroup var decisionOptions: DecisionOptions

  @OptionGroup var logOptions: LogOptions

  @Option(
    help: ArgumentHelp(
      "Writes what the run came to into this file, for the node exporter's textfile collector.",
      valueName: "file"))
  var metrics: String?

  @Flag(help: "Decide as a run would, and write and send nothing.")
  var dryRun = false

  @Flag(help: "One JSON document on standard output and nothing else there.")
  var json = false

  func validate() throws {
    if metrics != nil, dryRun {
      throw ValidationError("'--metrics' is not for '--dry-run', which is no run.")
    }
    if let metrics, metrics.isEmpty || metrics.hasSuffix("/") {
      throw ValidationError(
        "'--metrics \(metrics)' names no file; give one, such as /var/lib/expireimage.prom.")
    }
    let isSimulation = ProcessInfo.processInfo.environment["EXPIREIMAGE_SIMULATE"] == "1"
    if decisionOptions.today != nil, !isSimulation {
      throw ValidationError(
        "'--today' with run decides, and stores, for another day than the real one; it needs EXPIREIMAGE_SIMULATE=1 in the environment."
          + " Use plan to look ahead.")
    }
  }

  func run() throws {
    // Who reads the log may go away; the run goes on.
    signal(SIGPIPE, SIG_IGN)
    let progress = logOptions.progress(Output.isTerminal ? .notice : .info)
    try Output.perform(progress) {
      let report = try WatchedRun(decisionOptions.call, isDryRun: dryRun, metricsPath: metrics) {
        try settingsOptions.site { progress.event($0, level: .warning) }
      }.run(progress)
      progress.clear()
      if json {
        try Output.print(try report.json())
      } else if !logOptions.quiet || report.exitStatus != .done {
        try Output.print(report.text(withSummary: Output.isRead))
      }
      return report.exitStatus
    }
  }
}
