/// Why the settings cannot be used: one line with the place, the key and the remedy, and never a secret.
package struct SettingsError: Error, Equatable, CustomStringConvertible {
  /// The line.
  package let description: String

  init(_ place: String, _ problem: String) {
    description = "\(place): \(problem)"
  }
}

/// A value as an error repeats it: on one line and not endless.
func quoted(_ value: String) -> String {
  let line = String(value.map { $0.isNewline || $0.isASCII && $0 < " " ? "?" : $0 })
  return "'\(line.count > 200 ? line.prefix(197) + "..." : line)'"
}

/// Asks for the name that was probably meant, or tells where the names are to be found.
func suggestion(for name: String, among known: [String]) -> String {
  let distances = known.map { (name: $0, distance: $0.difference(from: name).count) }
  let sameEnding = known.filter { $0.hasSuffix("." + name) }
  if let nearest = distances.min(by: { $0.distance < $1.distance }), nearest.distance <= 3 {
    return "did you mean '\(nearest.name)'?"
  }
  if !sameEnding.isEmpty {
    return "did you mean \(sameEnding.map { "'\($0)'" }.joined(separator: " or "))?"
  }
  return "'expireimage config' without it lists all names"
}
