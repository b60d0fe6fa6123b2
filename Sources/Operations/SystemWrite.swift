import Foundation

/// Writing to a file descriptor, with reasons people understand.
enum SystemWrite {
  /// Writes every byte.
  ///
  /// - Returns: why not, in the system's words; nil: it is written.
  static func all(_ bytes: [UInt8], to descriptor: Int32) -> String? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        return lastError
      }
      rest = rest.dropFirst(count)
    }
    return nil
  }

  /// The last error of a system call, in words.
  static var lastError: String { words(errno) }

  /// An error of a system call, in words.
  static func words(_ number: Int32) -> String { String(cString: strerror(number)) }
}
