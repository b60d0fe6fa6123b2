import ArgumentParser
import Foundation
import Operations
import Retention
import Settings

/// Where the connection settings come from.
struct SettingsOptions: ParsableArguments {
  @Option(
    name: .customLong("config"),
    help: ArgumentHelp(
      "The configuration file; default /etc/expireimage/expireimage.conf or /etc/vcl/expireimage.conf.",
      valueName: "file"),
    completion: .file())
  var configurationFile: String?

  /// - Parameter warn: is told what is allowed but should be looked at.
  /// - Throws: ``Failure``.
  func settings(_ warn: (String) -> Void = Output.warn) throws -> Settings {
    let settings = try Settings.load(
      configFile: configurationFile, environment: ProcessInfo.processInfo.environment)
    for warning in settings.warnings { warn(warning) }
    return settings
  }

  func site(_ warn: (String) -> Void = Output.warn) throws -> Site { Site(try settings(warn)) }
}

/// Another day, and other values of parameters, for one call.
struct DecisionOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "A parameter's value for this call only, such as expireimage_grace_days=60; can be repeated.",
      valueName: "key=value"))
  var assignments: [String] = []

  @Option(help: ArgumentHelp("Decide for this day (YYYY-MM-DD).", valueName: "date"))
  var today: Day?

  func validate() throws {
    for assignment in assignments where !assignment.contains("=") {
      throw ValidationError("'--set \(assignment)' is not of the form key=value.")
    }
  }

  var call: CallOptions {
    CallOptions(today: today, overrides: assignments.map(setting))
  }

  private func setting(_ assignment: String) -> PolicySet.Setting {
    let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0].split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    return PolicySet.Setting(
      key: String(name[0]), affiliation: name.count > 1 ? String(name[1]) : nil, value: String(parts[1]))
  }
}

extension Day: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(argument)
  }
}
