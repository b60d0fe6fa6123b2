/// Something that needs a revision, or its whole image, now.
package struct Hold: Sendable, Hashable {
  /// One of the `hold_` codes.
  package let reason: Reason
  /// Who or what holds it, for a person: `computer vm-12`.
  package let holder: String

  package init(_ reason: Reason, holder: String) {
    self.reason = reason
    self.holder = holder
  }
}
