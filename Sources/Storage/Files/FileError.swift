import Glibc

/// A failed call of the file system, in one line.
package struct FileError: Error, Hashable, CustomStringConvertible {
  /// What was tried, on what: "remove disk.vmdk".
  package let operation: String
  /// The system's error number.
  package let code: Int32

  package init(_ operation: String, _ code: Int32) {
    self.operation = operation
    self.code = code
  }

  package var description: String { "\(operation): \(reason)" }

  /// The system's words for the number.
  package var reason: String { String(cString: strerror(code)) }

  /// The name, or something on the way to it, is not there.
  package var isMissing: Bool { code == ENOENT }
}

/// Calls, again after a signal, and turns a negative answer into an error.
@discardableResult
func checked<Result: SignedInteger>(
  _ operation: @autoclosure () -> String, _ call: () -> Result
) throws(FileError) -> Result {
  while true {
    let result = call()
    if result >= 0 { return result }
    let code = errno
    if code != EINTR { throw FileError(operation(), code) }
  }
}
