import Retention

/// The sentences that stand above the lists of a digest and say what they mean.
struct DigestNotes {
  let sections: DigestSections
  let context: DigestContext
  let hasKeepLinks: Bool
  let isAllNew: Bool
  let isSomeOverdue: Bool

  /// Above what expires.
  var expiring: String {
    let isOne = sections.expiring.count == 1
    let which = isOne ? "This revision" : "These \(DateWords.count(sections.expiring.count, "revision"))"
    var note: String
    if context.recipient.isAfterRefusal {
      note =
        isOne
        ? "\(which) has an expire date; the date moves until a notice has reached the owner."
        : "\(which) have expire dates; the dates move until a notice has reached the owner."
    } else {
      let when = isSomeOverdue ? "" : isOne ? " on its date" : " on their dates"
      note =
        "\(which) will be deleted\(when) unless \(isOne ? "it is" : "they are") reserved"
        + "\(hasKeepLinks ? " or kept" : "") before."
    }
    if !isOne { note += " The soonest come first." }
    if isAllNew { note += " All of them are new on this list." }
    return note
  }

  /// Above what no longer expires.
  var safe: String {
    sections.safe.count == 1
      ? "This revision was going to expire; it stays." : "These revisions were going to expire; they stay."
  }

  /// Above what was deleted. VCL itself may take the files of deleted revisions when space is short, so nothing is
  /// promised for certain.
  var flagged: String {
    let isOne = sections.flagged.count == 1
    let what = isOne ? "This revision is" : "These revisions are"
    guard let day = context.restorableUntil else {
      return "\(what) no longer offered in VCL. \(isOne ? "Its" : "Their") files stay for a while;"
        + " as long as they exist, the VCL staff can bring \(isOne ? "it" : "them") back."
    }
    return "\(what) no longer offered in VCL. \(isOne ? "It" : "They") can normally be brought back until"
      + " \(DateWords.long(day)), not later."
  }
}
