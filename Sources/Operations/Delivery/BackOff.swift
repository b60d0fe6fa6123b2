/// When a mail that the server did not take is tried again.
enum BackOff {
  private static let shortest = 5 * 60
  private static let longest = 4 * 3600

  /// Seconds until the next try: twice as many after each attempt, and more or less by up to a quarter, so that mails
  /// that were refused together do not come back together.
  ///
  /// - Parameters:
  ///   - attempts: how many there were, this one included.
  ///   - jitter: a random number from -1 to 1.
  static func seconds(afterAttempts attempts: Int, jitter: Double) -> Int {
    let doublings = min(max(attempts, 1) - 1, 10)
    let pause = min(shortest << doublings, longest)
    return Int(Double(pause) * (1 + jitter / 4))
  }
}
