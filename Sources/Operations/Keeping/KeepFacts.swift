import Foundation
import Retention
import VCLDatabase

/// What the audit trail keeps of a keep that a person sets or ends.
struct KeepFacts: Codable {
  /// A keep that was ended.
  struct Ended: Codable {
    /// Null: never.
    let until: String?
    let origin: String
    let setBy: String

    enum CodingKeys: String, CodingKey {
      case until
      case origin
      case setBy = "set_by"
    }
  }

  let owner: String?
  /// The account on this machine that called the program, also for an owner.
  let account: String
  /// Of one that was set; null: never.
  private(set) var until: String?
  /// Nil: none was set.
  private(set) var reason: String?
  /// Nil: none was ended.
  private(set) var ended: [Ended]?

  init(owner: Owner?, until: Day?, reason: String) {
    self.init(owner)
    self.until = until?.description
    self.reason = reason
  }

  init(owner: Owner?, ended: [KeepRecord]) {
    self.init(owner)
    self.ended = ended.map { Ended(until: $0.until?.description, origin: $0.origin, setBy: $0.setBy) }
  }

  private init(_ owner: Owner?) {
    self.owner = owner?.account.description
    account = ProcessIdentity.account
  }

  /// Those of an event; nil: it is about no keep, or of another version of the program.
  init?(_ event: EventRecord) {
    guard ["keep", "unkeep"].contains(event.kind),
      let facts = try? JSONDecoder().decode(Self.self, from: Data(event.facts.utf8)),
      facts.reason != nil || facts.ended != nil
    else { return nil }
    self = facts
  }

  var json: String {
    get throws {
      var members: [String: JSONValue] = ["owner": JSONValue(owner), "account": .text(account)]
      if let reason {
        members["until"] = JSONValue(until)
        members["reason"] = .text(reason)
      }
      if let list { members["ended"] = list }
      return try JSONOutput.text(JSONValue.object(members), isPretty: false)
    }
  }

  /// For the audit trail and for people's programs; nil: none was ended.
  private var list: JSONValue? {
    ended.map { keeps in
      .list(
        keeps.map {
          .object(["until": JSONValue($0.until), "origin": .text($0.origin), "set_by": .text($0.setBy)])
        })
    }
  }

  /// For people's programs.
  var document: JSONValue {
    .object(["until": JSONValue(until), "reason": JSONValue(reason), "ended": list ?? nil])
  }

  /// For a person, such as `until 2026-06-01: winter course`, or `until 2026-06-01 by jdoe@Local is over`.
  var words: String {
    func term(_ until: String?) -> String { until.map { "until \($0)" } ?? "for good" }
    if let ended { return ended.map { "\(term($0.until)) by \($0.setBy) is over" }.joined(separator: "; ") }
    let reason = reason ?? ""
    return reason.isEmpty ? term(until) : "\(term(until)): \(reason)"
  }
}
