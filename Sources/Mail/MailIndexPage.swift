import Assets
import Mustache

/// A page that lists mails by night, for reading in a browser: no scripts, nothing from elsewhere.
package struct MailIndexPage: Sendable {
  /// One night: what happened, and the mails of it.
  package struct Night: Sendable {
    package let number: Int
    package let date: String
    package let mode: String
    /// `3 marked, 1 flagged`; may be empty.
    package let counts: String
    /// What people did, a sentence each.
    package let acts: [String]
    /// What the program did, a sentence each.
    package let answers: [String]
    /// About images.
    package let mails: [Mail]
    /// For the admins.
    package let summaries: [Mail]
    /// Mails that no server took, a sentence each.
    package let refused: [String]

    package init(
      number: Int, date: String, mode: String, counts: String, acts: [String], answers: [String],
      mails: [Mail], summaries: [Mail], refused: [String]
    ) {
      self.number = number
      self.date = date
      self.mode = mode
      self.counts = counts
      self.acts = acts
      self.answers = answers
      self.mails = mails
      self.summaries = summaries
      self.refused = refused
    }
  }

  /// One mail. `source` and `page` are links to it as it was sent, and to its HTML part alone.
  package struct Mail: Sendable {
    package let subject: String
    package let sender: String
    package let to: String
    /// Who got it besides; may be empty.
    package let blind: String
    package let date: String
    /// Whether only those who got it besides got it.
    package let isRefused: Bool
    package let source: String
    package let page: String
    package let text: String

    package init(
      subject: String, sender: String, to: String, blind: String, date: String, isRefused: Bool,
      source: String, page: String,
      text: String
    ) {
      self.subject = subject
      self.sender = sender
      self.to = to
      self.blind = blind
      self.date = date
      self.isRefused = isRefused
      self.source = source
      self.page = page
      self.text = text
    }
  }

  /// The whole document.
  package let html: String

  /// - Throws: `MustacheTemplate.ParserError`, when the template that comes with the program is no Mustache.
  package init(nights: [Night]) throws {
    let template = try MustacheTemplate(string: "{{% CONTENT_TYPE: HTML}}" + Assets.Templates.demoIndexHtml)
    html = template.render(
      [
        "delivered_count": nights.map(Self.deliveredCount).reduce(0, +),
        "refused_count": nights.map(\.refused.count).reduce(0, +),
        "summary_count": nights.map(\.summaries.count).reduce(0, +), "nights": nights.map(Self.fields),
        "nights_with_mails": nights.filter { !$0.mails.isEmpty }.map(Self.fields),
      ] as [String: Any])
  }

  /// A mail that only those got who got it besides is not delivered.
  private static func deliveredCount(_ night: Night) -> Int { night.mails.count { !$0.isRefused } }

  private static func fields(_ night: Night) -> [String: Any] {
    [
      "number": night.number, "date": night.date, "mode": night.mode, "counts": night.counts,
      "has_counts": !night.counts.isEmpty, "acts": night.acts, "answers": night.answers,
      "delivered_count": deliveredCount(night), "refused_count": night.refused.count,
      "has_refused": !night.refused.isEmpty, "has_mails": !night.mails.isEmpty, "refused": night.refused,
      "mails": (night.mails + night.summaries).map(fields),
    ]
  }

  private static func fields(_ mail: Mail) -> [String: Any] {
    [
      "subject": mail.subject, "sender": mail.sender, "to": mail.to, "has_blind": !mail.blind.isEmpty,
      "blind": mail.blind, "date": mail.date, "is_refused": mail.isRefused, "source": mail.source,
      "page": mail.page, "text": mail.text,
    ]
  }
}
