import ArgumentParser
import Campus
import Foundation

/// Times the delivery of mails that are claimed from the outbox and recorded in it.
struct Delivering: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Times delivery from the outbox against Postfix's smtp-source and Python's smtplib, to Postfix's smtp-sink."
  )

  @Option(help: "Mails of each round.")
  var mails = 5000

  @Option(help: "Size of each mail in bytes.")
  var bytes = 6144

  @Option(help: "Rounds; each times everything in turn.")
  var rounds = 5

  func run() throws {
    let source = try MailSource(count: mails, bytes: bytes)
    defer { source.server.stop() }
    let sink = try SinkProcess()
    defer { sink.stop() }
    print("\(mails) mails of \(bytes) bytes, \(rounds) rounds in turn, in mails a second")
    var rates: [String: [Double]] = [:]
    var ratios: [String: [Double]] = [:]
    var peak = 0
    var busyCores: [Double] = []
    for _ in 0..<rounds {
      let reference = try source.smtpSource(to: sink.port)
      let script = try source.python(to: sink.port)
      let one = try source.outbox(to: sink.port, connections: 1)
      let four = try source.outbox(to: sink.port, connections: 4)
      peak = max(peak, one.peakKibibytes, four.peakKibibytes)
      busyCores.append(one.busyCores)
      for (name, rate) in [
        ("smtp-source", reference), ("smtplib", script), ("one connection", one.rate),
        ("four connections", four.rate),
      ] { rates[name, default: []].append(rate) }
      ratios["one connection to smtp-source", default: []].append(one.rate / reference)
      ratios["one connection to smtplib", default: []].append(one.rate / script)
      ratios["four connections to one", default: []].append(four.rate / one.rate)
    }
    for (name, values) in rates.sorted(by: { $0.key < $1.key }) {
      print("  \(name): median \(Int(Measured.median(values)))")
    }
    for (name, wanted) in [
      ("one connection to smtp-source", "0.6"), ("one connection to smtplib", "3"),
      ("four connections to one", "2"),
    ] {
      let median = Measured.median(ratios[name] ?? [0])
      print("  ratio of \(name): median \(String(format: "%.2f", median)) (wanted: at least \(wanted))")
    }
    // Four connections cannot do more than keep every core busy; the bound holds for what a mail costs now.
    let busy = Measured.median(busyCores)
    let cores = Double(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    print(
      "  one connection, its server and the database keep \(String(format: "%.2f", busy)) of \(Int(cores)) cores"
        + " busy: at most \(String(format: "%.2f", cores / busy)) times it fits")
    let few = try source.outbox(to: sink.port, connections: 1, mails: mails / 10)
    print("  peak memory: \(peak / 1024) MiB, \(few.peakKibibytes / 1024) MiB for a tenth of the mails")
    try delayed(source)
  }

  /// With a server that thinks before each reply, connections are everything.
  private func delayed(_ source: MailSource) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sink-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let slow = try MailSink(folder: folder, replyDelayMilliseconds: 20)
    defer { slow.stop() }
    var single = 0.0
    for connections in [1, 4, 16] {
      let rate = try source.outbox(to: slow.port, connections: connections, mails: 40 * connections).rate
      if connections == 1 { single = rate }
      print(
        "  20 ms before each reply, \(connections) connections: \(String(format: "%.1f", rate)) a second,"
          + " \(String(format: "%.1f", rate / single)) times one")
    }
  }
}

/// Postfix's smtp-sink on a port of its own.
private final class SinkProcess {
  let port: Int
  private var pid = pid_t()

  init() throws {
    port = 20_000 + Int(getpid()) % 20_000
    // As root it wants an account to run as.
    let account = getuid() == 0 ? ["-u", "nobody"] : []
    let command = ["smtp-sink"] + account + ["127.0.0.1:\(port)", "64"]
    var arguments = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    guard posix_spawnp(&pid, command[0], nil, nil, &arguments, environ) == 0 else {
      throw Measured.Failed(description: "cannot start smtp-sink; install the package postfix")
    }
    usleep(500_000)
  }

  func stop() {
    guard pid > 0 else { return }
    kill(pid, SIGTERM)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    pid = 0
  }

  deinit { stop() }
}
