import Foundation
import TestSupport
import Testing

@Suite("What schedule prints")
struct ScheduleTests {
  static let units = [
    "expireimage.service", "expireimage.timer", "expireimage-mail.service", "expireimage-mail.timer",
  ]
  static let hasSystemd = FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")

  /// The units as files of a folder that goes with the block.
  private func withUnits<Result>(_ options: [String] = [], _ body: ([String]) throws -> Result) throws
    -> Result
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "units-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = try Self.units.map { unit in
      let call = try CommandSite.call(["schedule", "systemd", "--unit", unit] + options)
      #expect(call.status == 0, "\(call.errors)")
      let file = folder.appending(path: unit)
      try call.output.write(to: file, atomically: false, encoding: .utf8)
      return file.path
    }
    return try body(files)
  }

  private func analyze(_ arguments: [String]) throws -> CommandSite.Call {
    try RunningCommand(
      shell: "exec systemd-analyze --man=no \(arguments.joined(separator: " "))", ["SYSTEMD_COLORS": "0"]
    ).result()
  }

  @Test(
    "systemd finds nothing to complain of in the units",
    .enabled(if: hasSystemd, "systemd-analyze is not here; install the package systemd"),
    arguments: [
      [], ["--time", "23:59", "--user", "root", "--metrics", "/var/lib/node_exporter/expireimage.prom"],
    ])
  func verify(options: [String]) throws {
    let call = try withUnits(options) { try analyze(["verify"] + $0) }
    #expect(call.status == 0)
    #expect(call.errors == "", "a setting that systemd ignores is only a line to it")
    #expect(call.output == "")
  }

  @Test(
    "systemd finds the services well locked up",
    .enabled(if: hasSystemd, "systemd-analyze is not here; install the package systemd"),
    arguments: ["expireimage.service", "expireimage-mail.service"])
  func security(service: String) throws {
    // Of 10.0 for a service without a sandbox; most of the rest is the network, which it needs.
    let call = try withUnits { files in
      try analyze(
        ["security", "--offline=true", "--threshold=20"] + files.filter { $0.hasSuffix("/" + service) })
    }
    #expect(call.status == 0, "\(call.output.suffix(200)) \(call.errors)")
  }

  @Test("the units come together as they come one by one")
  func together() throws {
    let all = try CommandSite.call(["schedule", "systemd"]).output
    let single = try Self.units.map { try CommandSite.call(["schedule", "systemd", "--unit", $0]).output }
    #expect(all == single.joined(separator: "\n"))
    #expect(single.allSatisfy { $0.hasPrefix("# expireimage") })
  }

  @Test("the services call this program with words that it knows, as an account of its own")
  func service() throws {
    let all = try CommandSite.call(["schedule", "systemd", "--config", "/etc/vcl/site.conf"]).outputLines
    let program = try URL(filePath: Executable.path).resolvingSymlinksInPath().path
    #expect(
      all.filter { $0.hasPrefix("ExecStart=") } == [
        "ExecStart=\(program) run --config /etc/vcl/site.conf",
        "ExecStart=\(program) mail retry --config /etc/vcl/site.conf",
      ])
    #expect(all.count { $0 == "User=expireimage" } == 2)
    #expect(all.contains("Persistent=true"))
    #expect(all.contains("OnCalendar=*-*-* 04:30:00"))
    #expect(all.contains("RandomizedDelaySec=15min"))
    #expect(!all.contains { $0.hasPrefix("ReadWritePaths") })
  }

  @Test("the nightly service may write where its metrics go, and nowhere else")
  func metrics() throws {
    let file = "/var/lib/node_exporter/expireimage.prom"
    let all = try CommandSite.call(["schedule", "systemd", "--metrics", file]).outputLines
    #expect(all.filter { $0.hasPrefix("ReadWritePaths") } == ["ReadWritePaths=-/var/lib/node_exporter"])
    #expect(all.count { $0.hasSuffix("run --metrics \(file)") } == 1)
    let cron = try CommandSite.call(["schedule", "cron", "--metrics", file]).outputLines
    #expect(cron.count { $0.hasSuffix("run --quiet --metrics \(file)") } == 1)
  }

  @Test("cron gets lines with a time, an account and words that the program knows, and comments")
  func cron() throws {
    let call = try CommandSite.call([
      "schedule", "cron", "--time", "03:05", "--user", "vcl", "--program", "/opt/vcl/bin/expireimage",
    ])
    #expect(call.output.hasSuffix("\n"), "cron ignores a line without an end")
    #expect(
      call.output.split(separator: "\n").filter { !$0.hasPrefix("#") } == [
        "5 3 * * * vcl /opt/vcl/bin/expireimage run --quiet",
        "*/15 * * * * vcl /opt/vcl/bin/expireimage mail retry",
      ])
  }

  @Test(
    "a value that cannot be scheduled is refused in one line that names it",
    arguments: [
      ("--time", "24:00"), ("--time", "2:30"), ("--time", "02:60"), ("--time", "02:30:00"),
      ("--time", "noon"),
      ("--time", "+1:30"), ("--user", "a b"), ("--user", ""), ("--user", "1st"), ("--user", "-u"),
      ("--user", "x\nExecStart=/bin/sh"), ("--program", "expireimage"),
      ("--program", "/opt/my programs/expireimage"),
      ("--program", "/opt/100%/expireimage"), ("--program", "/opt/$HOME/expireimage"),
      ("--program", "/usr/bin/"),
      ("--config", "site.conf"), ("--config", "/etc/a;b"), ("--metrics", "metrics.prom"),
      ("--metrics", "/var/lib/a\n[Install]"), ("--metrics", "/expireimage.prom"),
      ("--metrics", "/var//lib/a.prom"), ("--metrics", "/var/./a.prom"),
      ("--metrics", "/var/lib/x/../../../etc/a.prom"), ("--metrics", "/var/lib/.."), ("--metrics", "/"),
    ])
  func wrong(option: String, value: String) throws {
    for kind in ["systemd", "cron"] {
      // A value that begins with a hyphen is one behind an equals sign.
      let call = try CommandSite.call(["schedule", kind, "\(option)=\(value)"])
      #expect(call.status == 64, "\(call.output)")
      #expect(call.output == "")
      let reason = try #require(call.errorLines.first)
      #expect(reason.hasPrefix("Error: "))
      #expect(reason.contains(option), "\(call.errors)")
    }
  }

  @Test(
    "a path that the sandbox hides is a warning, and the units come all the same",
    arguments: [
      ("--program", "/run/user/7/expireimage"), ("--config", "/run/user/7/site.conf"),
      ("--metrics", "/var/tmp/a.prom"),
    ])
  func hidden(option: String, path: String) throws {
    let call = try CommandSite.call([
      "schedule", "systemd", "--program", "/usr/bin/expireimage", option, path,
    ])
    #expect(call.status == 0)
    #expect(call.errorLines.count == 1)
    #expect(call.errors.contains("the services do not see \(path)"), "\(call.errors)")
    #expect(call.output.contains(path))
  }

  @Test(
    "a time that a clock change leaves out or repeats gets a remark",
    arguments: [
      ("00:00", true), ("03:59", true), ("23:59", false), ("04:00", false), (nil, false),
    ])
  func clockChange(time: String?, isRemarked: Bool) throws {
    for kind in ["systemd", "cron"] {
      let call = try CommandSite.call(
        ["schedule", kind, "--program", "/usr/bin/expireimage"] + (time.map { ["--time", $0] } ?? []))
      #expect(call.status == 0)
      #expect(call.errors.contains("clock changes \(time ?? "")") == isRemarked, "\(call.errors)")
      #expect(call.errorLines.count == (isRemarked ? 1 : 0))
    }
  }

  @Test("an unknown unit is refused with the names of those that exist")
  func unknownUnit() throws {
    let call = try CommandSite.call(["schedule", "systemd", "--unit", "expireimage.socket"])
    #expect(call.status == 64)
    #expect(call.errors.contains("expireimage-mail.timer"), "\(call.errors)")
  }
}
