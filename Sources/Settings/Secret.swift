/// A password, which no print, log line or crash dump of a value that contains it shows.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The password itself, for the connection only.
  package let value: String

  init(_ value: String) {
    self.value = value
  }

  /// What people see in place of it.
  package static let hidden = "(hidden)"

  package var description: String { Secret.hidden }
  package var debugDescription: String { Secret.hidden }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
