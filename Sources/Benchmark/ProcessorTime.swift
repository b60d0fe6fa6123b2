import Foundation

/// What the kernel says of the time of all cores (`/proc/stat`), in ticks since the start of the machine.
struct ProcessorTime {
  private let busy: Double
  private let idle: Double

  /// Now.
  init() throws {
    let text = try String(contentsOfFile: "/proc/stat", encoding: .utf8)
    let ticks = text.prefix { $0 != "\n" }.split(separator: " ").compactMap { Double($0) }
    guard ticks.count >= 8 else { throw Measured.Failed(description: "/proc/stat has no line of all cores") }
    // user, nice, system, idle, iowait, irq, softirq, steal
    idle = ticks[3] + ticks[4]
    busy = ticks[..<8].reduce(0, +) - idle
  }

  /// How many cores were busy in the meantime, on average.
  func busyCores(since start: ProcessorTime) -> Double {
    let all = busy - start.busy + idle - start.idle
    guard all > 0 else { return 0 }
    return (busy - start.busy) / all * Double(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }
}
