import Testing

@testable import Operations

@Suite("The pauses between tries")
struct BackOffTests {
  @Test("Each of an upload is within a quarter of twice the one before, from 2 s up to 5 minutes")
  func pauses() {
    for jitter in [-1, -0.999, -0.5, 0, 0.5, 0.999, 1] {
      for (attempts, pause) in [(1, 2.0), (2, 4), (3, 8), (8, 256), (9, 300), (100, 300)] {
        let seconds = Double(BackOff.upload.seconds(afterAttempts: attempts, jitter: jitter))
        #expect((pause * 0.75...pause * 1.25).contains(seconds), "\(seconds) after \(attempts)")
      }
    }
  }
}
