/// A revision's place among those of its image, by revision number and not by date.
package enum RevisionClass: String, Sendable, Hashable, CaseIterable {
  case production
  case older
  case newer
}
