import Foundation

/// Times a piece of work of this process.
enum StopWatch {
  struct Times {
    let wall: Double
    /// Of all threads, the kernel's work for them too: others on the same machine disturb it less.
    let processor: Double
  }

  static func time(_ body: () throws -> Void) rethrows -> Times {
    let processor = self.processor
    let start = ContinuousClock.now
    try body()
    let duration = start.duration(to: .now).components
    return Times(
      wall: Double(duration.seconds) + Double(duration.attoseconds) / 1e18,
      processor: self.processor - processor)
  }

  private static var processor: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}
