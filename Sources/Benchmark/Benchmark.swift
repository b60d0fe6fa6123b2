import ArgumentParser

/// Measures the program against what could be done without it; a program of its own, never a timed test.
@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expireimage-benchmark", abstract: "Times parts of expireimage, each against a yardstick.",
    subcommands: [Planning.self, Rendering.self, Delivering.self, Reservations.self, StorageSpeed.self])
}
