import Foundation
import Mail
import MariaDB
import Settings
import VCLDatabase

/// Checks of this machine: its settings, its connection, its clock, its files.
enum NodeChecks {
  static func settings(_ settings: Settings) -> CheckResult {
    let files = settings.files.filter(\.isRead).map(\.path)
    let source =
      files.isEmpty
      ? "read from the environment; no file was found"
      : "read from \(files.joined(separator: ", ")) and the environment"
    let notes = settings.notes.map { "note: \($0)" }
    guard !settings.warnings.isEmpty else { return CheckResult(.settings, .ok, source, details: notes) }
    return CheckResult(
      .settings, .warning, "they can be used, but should be looked at", details: settings.warnings + notes)
  }

  static func connection(_ connection: Connection, _ settings: DatabaseSettings) -> CheckResult {
    let encryption = connection.cipher.map { "encrypted (\($0))" } ?? "not encrypted"
    return CheckResult(
      .connection, .ok, "\(connection.options.endpoint): server \(connection.serverVersion), \(encryption)")
  }

  static func clock(_ clock: Clock, node: Date) -> CheckResult {
    let difference = ClockDifference(clock, node: node)
    if difference.distrust != nil {
      return CheckResult(
        .clock, .error, "\(difference.words); no run does anything before both clocks are set by NTP")
    }
    guard difference.isTolerated else {
      return CheckResult(.clock, .warning, "\(difference.words); set both machines' clocks by NTP")
    }
    let offset = TimeZone.current.secondsFromGMT(for: node) / 60
    guard offset == clock.utcOffsetMinutes else {
      return CheckResult(
        .clock, .warning,
        "the database server's local time is \(clock.utcOffsetMinutes) minutes ahead of UTC, this machine's \(offset);"
          + " VCL's times are local ones, so give both machines the same time zone")
    }
    return CheckResult(.clock, .ok, "this machine and the database server agree")
  }

  /// The site's own templates; without a folder those that come with the program.
  static func templates(_ settings: Settings) throws -> CheckResult {
    _ = try SiteTemplates(settings.mail)
    guard let folder = settings.mail.templateFolder else {
      return CheckResult(.templates, .ok, "the program's own")
    }
    let names = try TemplateFiles.read(folder: folder).keys.sorted()
    return CheckResult(
      .templates, .ok,
      names.isEmpty
        ? "\(folder) holds none, so the program's own are used"
        : "\(names.joined(separator: ", ")) of \(folder) in place of the program's own")
  }
}
