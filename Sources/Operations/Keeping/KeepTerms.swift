import Retention
import VCLDatabase

/// What the site lets a person keep, and until when.
struct KeepTerms {
  private let term: KeepTerm
  /// Who keeps as an owner; nil: an admin, who is free.
  private let owner: Owner?
  private let policies: PolicySet
  private let today: Day

  init(_ term: KeepTerm, owner: Owner?, policies: PolicySet, today: Day) {
    self.term = term
    self.owner = owner
    self.policies = policies
    self.today = today
  }

  /// The day on which a keep of the revision ends; nil: never.
  func end(_ revision: NamedRevision) -> Day? {
    switch term {
    case .longest: today + longest(revision)
    case .days(let days): today + days
    case .until(let day): day
    case .forever: nil
    }
  }

  /// Why no revision at all is kept like that; nil: some may be.
  var problem: String? {
    let end =
      switch term {
      case .days(let days): today + days
      case .until(let day): day
      case .longest, .forever: today + 1
      }
    guard end <= today else { return nil }
    return "a keep until \(end) would be over; a keep ends on its date, give one after today (\(today))"
  }

  /// Why the revision, which is live, is not kept like that; nil: it is.
  func problem(_ revision: NamedRevision) -> String? {
    if let owner, revision.owner?.id != owner.id {
      return
        "\(revision.title) does not belong to \(owner.account); owners keep revisions of their own images"
    }
    let longest = longest(revision)
    if longest == 0, owner != nil {
      return "\(revision.title): the site lets its owner keep nothing (expireimage_keep_max_days is 0)"
    }
    if longest == 0, term == .longest {
      return
        "\(revision.title): expireimage_keep_max_days is 0; say for how long with --days, --until or --forever"
    }
    let end = end(revision)
    if owner != nil, end.map({ $0 > today + longest }) ?? true {
      return "\(revision.title): its owner may keep it for \(longest) days at most, until \(today + longest)"
    }
    return nil
  }

  private func longest(_ revision: NamedRevision) -> Int {
    policies.policy(affiliation: revision.owner?.account.affiliation).keepMaximumDays
  }
}
