import ArgumentParser
import Campus
import Foundation

/// Measures the program against what could be done without it; a program of its own, never a timed test.
@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expireimage-benchmark",
    abstract:
      "Times `expireimage plan` against the best single SQL statement for last use, in turn, on one server.",
    subcommands: [Rendering.self])

  @Option(help: "Live image revisions.")
  var revisions = 10_000

  @Option(help: "Reservations on record.")
  var reservations = 1_000_000

  @Option(help: "Rounds; each times both.")
  var rounds = 5

  func run() throws {
    let site = try LargeSite(revisions: revisions, reservations: reservations)
    defer { site.server.stop() }
    let plan = Measured(site.plan)
    let statement = Measured(site.singleStatement)
    _ = try (plan.once(), statement.once())

    print("\(revisions) revisions, \(reservations) reservations, \(rounds) rounds in turn")
    var ratios: [Double] = []
    var times: [Double] = []
    var references: [Double] = []
    var peak = 0
    for _ in 0..<rounds {
      let reference = try statement.once()
      let mine = try plan.once()
      ratios.append(mine.seconds / reference.seconds)
      times.append(mine.seconds)
      references.append(reference.seconds)
      peak = max(peak, mine.peakKibibytes)
    }
    print("  plan              median \(seconds(median(times)))")
    print("  single statement  median \(seconds(median(references)))")
    print("  ratio             median \(String(format: "%.2f", median(ratios)))  (wanted: below 2)")
    print("  plan's memory     peak   \(peak / 1024) MiB  (wanted: below 100 MB)")
    try site.storeUsage()
    let later = try (0..<rounds).map { _ in
      let reference = try statement.once()
      return try plan.once().seconds / reference.seconds
    }
    print("  after a run has stored the usage: ratio median \(String(format: "%.2f", median(later)))")
  }

  private func seconds(_ value: Double) -> String { String(format: "%.2f s", value) }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
