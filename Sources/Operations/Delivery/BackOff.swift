/// When something that failed is tried again.
struct BackOff {
  /// Seconds after the first attempt.
  let shortest: Int
  /// Seconds, at most.
  let longest: Int

  /// Of a mail that the server did not take.
  static let mail = BackOff(shortest: 5 * 60, longest: 4 * 3600)
  /// Of an upload.
  static let upload = BackOff(shortest: 2, longest: 5 * 60)

  /// Seconds until the next try: twice as many after each attempt, and more or less by up to a quarter, so that what
  /// failed together does not come back together.
  ///
  /// - Parameters:
  ///   - attempts: how many there were, this one included.
  ///   - jitter: a random number from -1 to 1.
  func seconds(afterAttempts attempts: Int, jitter: Double = .random(in: -1...1)) -> Int {
    let doublings = min(max(attempts, 1) - 1, 10)
    let pause = min(shortest << doublings, longest)
    return Int((Double(pause) * (1 + jitter / 4)).rounded(.toNearestOrEven))
  }
}
