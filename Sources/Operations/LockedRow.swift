import Foundation

/// VCL holds a row for the milliseconds of one statement; we never wait for its locks, but come back.
enum LockedRow {
  private static let attempts = 5
  private static let pauseMicroseconds: UInt32 = 50_000

  /// Does the body until it returns something, so many times at most; nil when the row stayed locked.
  static func retry<T>(_ body: () throws -> T?) rethrows -> T? {
    for attempt in 1...attempts {
      if let result = try body() { return result }
      if attempt < attempts { usleep(pauseMicroseconds) }
    }
    return nil
  }
}
