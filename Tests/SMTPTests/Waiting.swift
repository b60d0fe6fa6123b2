import Foundation

/// Runs what mostly waits on threads of its own, so many at a time: the pool that runs tests has no more threads than
/// there are processors.
final class Waiting: Sendable {
  static let shared = Waiting(width: 24)

  private let places: DispatchSemaphore
  /// Waits for a place, so that no thread of the tests does.
  private let queue = DispatchQueue(label: "waiting")

  init(width: Int) { places = DispatchSemaphore(value: width) }

  func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { [places] in
        places.wait()
        Thread.detachNewThread {
          let result = Result { try body() }
          places.signal()
          continuation.resume(with: result)
        }
      }
    }
  }
}
