/// When and how a machine calls the program by itself: the nightly run, and between runs the mails that wait.
///
/// Its values have been checked: they stand in units and crontabs as they are.
package struct Schedule: Sendable, Equatable {
  /// Why a value cannot be scheduled: one line with the remedy.
  package struct Fault: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  /// A time of day of the machine's time zone.
  package struct Time: Sendable, Equatable {
    package let hour: Int
    package let minute: Int

    /// Half past four: after the day's last classes, and after the hour that clock changes leave out or repeat, which in
    /// Helsinki and Athens begins at three.
    package static let usual = Time(hour: 4, minute: 30)

    private init(hour: Int, minute: Int) {
      self.hour = hour
      self.minute = minute
    }

    /// - Parameter text: `HH:MM`.
    package init?(_ text: String) {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { "0"..."9" ~= $0 } }),
        let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
      else { return nil }
      self.hour = hour
      self.minute = minute
    }

    /// As it is written: `HH:MM`.
    package var text: String {
      [hour, minute].map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
    }

    /// Whether it lies in the hours that clock changes leave out in spring and repeat in autumn: at midnight in Beirut, at
    /// three in Helsinki.
    var isOfClockChange: Bool { (0...3).contains(hour) }
  }

  let time: Time
  let user: String
  let program: String
  let configurationFile: String?
  let metricsFile: String?

  /// - Parameters:
  ///   - time: when the nightly run begins.
  ///   - user: the account of the machine that the program runs as.
  ///   - program: path of the program.
  ///   - configurationFile: what the calls get as `--config`, `nil` for the usual places.
  ///   - metricsFile: what the nightly run gets as `--metrics`, `nil` for none.
  /// - Throws: ``Fault``.
  package init(
    time: Time, user: String, program: String, configurationFile: String?, metricsFile: String?
  ) throws(Fault) {
    guard Self.isAccountName(user) else {
      throw Fault(description: "'--user \(user)' is no name of an account; see: getent passwd")
    }
    for (option, path) in [
      ("--program", program), ("--config", configurationFile), ("--metrics", metricsFile),
    ] {
      if let path { try Self.check(path, option) }
    }
    self.time = time
    self.user = user
    self.program = program
    self.configurationFile = configurationFile
    self.metricsFile = metricsFile
  }

  /// What is allowed and does not work every night.
  package var timeWarning: String? {
    time.isOfClockChange
      ? "in the nights of the clock changes \(time.text) does not come, or comes twice; use a time outside of 00:00 to 03:59"
      : nil
  }

  /// What is allowed and does not work in the services' sandbox as it stands.
  package var sandboxWarning: String? {
    let hidden = ["/home/", "/root/", "/run/user/", "/tmp/", "/var/tmp/"]
    let paths = [program, configurationFile, metricsFile].compactMap { $0 }
    return paths.first { path in hidden.contains { path.hasPrefix($0) } }.map {
      "the services do not see \($0): homes and temporary folders are hidden from them; use another place"
    }
  }

  /// The nightly run's words.
  ///
  /// - Parameter isQuiet: whether it prints nothing while all is well.
  func nightlyRun(isQuiet: Bool) -> String {
    call("run" + (isQuiet ? " --quiet" : "")) + (metricsFile.map { " --metrics \($0)" } ?? "")
  }

  /// The words of the retries between runs.
  var mailRetry: String { call("mail retry") }

  private func call(_ command: String) -> String {
    "\(program) \(command)" + (configurationFile.map { " --config \($0)" } ?? "")
  }

  /// As useradd and systemd take it.
  private static func isAccountName(_ name: String) -> Bool {
    let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
    return isPlain && name.utf8.count <= 31 && name.first.map { $0.isLetter || $0 == "_" } == true
  }

  /// Units and crontabs have their own rules for blanks, quotes, `%`, `$` and `\`; a path without them means the same
  /// in both.
  private static func check(_ path: String, _ option: String) throws(Fault) {
    guard path.hasPrefix("/"), !path.hasSuffix("/") else {
      throw Fault(description: "'\(option) \(path)' is no path of a file that starts with /")
    }
    guard path.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "/._+@:,=-".contains($0)) }) else {
      throw Fault(
        description: "'\(option) \(path)' holds a letter that units and crontabs read in their own way; "
          + "use a path of letters, digits and /._+@:,=-")
    }
    let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !["", ".", ".."].contains($0) }) else {
      throw Fault(description: "'\(option) \(path)' goes roundabout; use a path without //, . and ..")
    }
    guard parts.count > 1 else {
      throw Fault(description: "'\(option) \(path)' is directly in /; use a file in a folder of its own")
    }
  }
}
