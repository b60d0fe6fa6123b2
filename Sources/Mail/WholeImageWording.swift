import Retention

/// The sentence that stands above revisions that expire, or were deleted, with their whole image.
struct WholeImageWording {
  /// Those of one group of a digest.
  let entries: [OwnerDigest.Entry]
  /// Whether the image's name stands right above, so that the sentence need not repeat it.
  let isUnderName: Bool

  /// Empty when no image goes as a whole.
  var line: String {
    // A revision that stays says why itself.
    let whole = entries.filter { $0.reasons.contains(.wholeImage) && $0.change != .safe }
    guard let first = whole.first else { return "" }
    var names: [String] = []
    for name in whole.map({ ImageName.of($0.image) }) where !names.contains(name) { names.append(name) }
    let isOne = names.count == 1
    let which =
      isUnderName
      ? "The whole image" : isOne ? "The whole image \(names[0])" : "The whole images \(listed(names))"
    let end =
      first.change == .flagged ? (isOne ? "has disappeared" : "have disappeared") : "will disappear"
    return "\(which) \(end) from VCL: none of \(isOne ? "its" : "their") revisions is in use."
  }

  private func listed(_ names: [String]) -> String {
    "\(names.dropLast().joined(separator: ", ")) and \(names.last ?? "")"
  }
}
