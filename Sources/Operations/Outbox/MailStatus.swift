/// What can have become of a mail of the outbox; the same words in the database, on the command line and in JSON.
package enum MailStatus: String, CaseIterable, Sendable {
  case composing, pending, accepted, deferred, unknown, failed, bounced, replaced, dropped

  /// One sentence for people.
  package var sentence: String {
    switch self {
    case .composing:
      "Begun by a restore by hand, or by a run that is at work or was killed; the next run in mode `notify` or `flag`"
        + " completes it."
    case .pending: "Waits for its first try."
    case .accepted: "The mail server took it for at least one of its recipients; it counts as notice."
    case .deferred: "Not taken yet (a 4xx reply, a time-out, no connection); tried again, later each time."
    case .unknown: "The connection was lost after the final dot; sent again with the same Message-ID."
    case .failed: "Refused for good (a 5xx reply), or not taken within its lifetime; it is no notice."
    case .bounced: "Taken, but a report says that it did not arrive; it is no notice any more."
    case .replaced: "A newer mail to the same owner says what is true now."
    case .dropped: "Given up by an admin; it is no notice."
    }
  }

  /// Whether it can be tried again, or given up.
  var isOpen: Bool {
    switch self {
    case .pending, .deferred, .unknown, .failed, .bounced: true
    case .composing, .accepted, .replaced, .dropped: false
    }
  }
}
