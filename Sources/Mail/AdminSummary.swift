import Retention

/// What a run has done and what the site's admins have to know of it. Names are as VCL stores them.
package struct AdminSummary: Sendable, Equatable {
  /// A revision with its image and its owner, a login or a name; empty: no owner.
  package struct RevisionName: Sendable, Equatable {
    package var image: String
    package var revision: Int
    package var owner: String

    package init(image: String, revision: Int, owner: String) {
      self.image = image
      self.revision = revision
      self.owner = owner
    }
  }

  /// How many revisions and mails it was.
  package struct Counts: Sendable, Equatable {
    package var marked = 0
    package var redated = 0
    package var unmarked = 0
    package var flagged = 0
    package var restored = 0
    package var mailsAccepted = 0

    package init() {}
  }

  /// More was due than one run may flag.
  package struct Limit: Sendable, Equatable {
    package var due: Int
    package var allowed: Int

    package init(due: Int, allowed: Int) {
      self.due = due
      self.allowed = allowed
    }
  }

  /// What will be flagged on a day to come, if nothing changes.
  package struct ComingDay: Sendable, Equatable {
    package var day: Day
    package var revisions: [RevisionName]

    package init(day: Day, revisions: [RevisionName]) {
      self.day = day
      self.revisions = revisions
    }
  }

  /// A mail that did not arrive, or not yet.
  package struct TroubledMail: Sendable, Equatable {
    package var recipients: [String]
    /// Whose images it is about; empty: nobody's.
    package var owner: String
    /// The server's last words; empty: it said none.
    package var reply: String
    /// What it lists, and what cannot be flagged without it.
    package var revisions: [RevisionName]

    package init(recipients: [String], owner: String, reply: String, revisions: [RevisionName]) {
      self.recipients = recipients
      self.owner = owner
      self.reply = reply
      self.revisions = revisions
    }
  }

  /// A change that was not made.
  package struct SkippedRow: Sendable, Equatable {
    package var revision: RevisionName
    /// Such as `locked by VCL`.
    package var why: String

    package init(revision: RevisionName, why: String) {
      self.revision = revision
      self.why = why
    }
  }

  /// An image that is not as VCL makes them.
  package struct CorruptImage: Sendable, Equatable {
    package var id: Int
    package var name: String
    /// Such as `no production revision`.
    package var fault: String

    package init(id: Int, name: String, fault: String) {
      self.id = id
      self.name = name
      self.fault = fault
    }
  }

  package var today: Day
  package var mode: String
  package var runID: Int
  /// The site's name; may be empty.
  package var site: String
  package var counts: Counts
  /// What stopped the run before it changed anything, a sentence; nil: it went through.
  package var stopReason: String?
  /// Nil: not exceeded.
  package var limit: Limit?
  /// In the order of the days.
  package var coming: [ComingDay] = []
  package var failedMails: [TroubledMail] = []
  package var waitingMails: [TroubledMail] = []
  package var skippedRows: [SkippedRow] = []
  package var corruptImages: [CorruptImage] = []
  /// A sentence each.
  package var warnings: [String] = []
  /// The site's words for its admins.
  package var words: SiteWords?

  package init(today: Day, mode: String, runID: Int, site: String = "", counts: Counts = Counts()) {
    self.today = today
    self.mode = mode
    self.runID = runID
    self.site = site
    self.counts = counts
  }
}
