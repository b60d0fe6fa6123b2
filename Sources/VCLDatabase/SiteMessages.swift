import Assets
import Mail
import MariaDB

/// The words of the program's mails that the site has edited in VCL's Messages editor.
///
/// The rows are `usermessage|image_expire_notice|<affiliation>` and `adminmessage|image_expire_summary` of VCL's
/// `variable` table. A row that says what its `messagereset` copy says was not edited: then the program's own words
/// apply. It is the words that are compared, not the rows' texts, because VCL writes a row anew whenever somebody
/// saves it, changed or not.
package struct SiteMessages: Sendable {
  /// What stands in one row.
  private enum Row: Sendable {
    case edited(SiteMessage)
    /// As it was delivered, or unreadable: the program's own words apply.
    case unused
  }

  /// By the affiliation's name as VCL writes it.
  private let notices: [String: Row]
  private let summaryRow: Row?
  /// Rows that cannot be used, one line each, with what to do; the program's own words stand in for them.
  package let problems: [String]

  package static func read(_ connection: Connection) throws -> SiteMessages {
    var notices: [String: Row] = [:]
    var summary: Row?
    var problems: [String] = []
    try connection.query(Assets.Queries.siteMessages) { row in
      let isNotice = row.bool(2)
      // The row of an affiliation that is gone concerns nobody.
      guard !isNotice || row.optionalString(1) != nil else { return }
      let read: Row
      do throws(Unusable) {
        read = try words(
          row.string(4), isYAML: row.bool(3), resetTo: row.optionalString(5))
      } catch {
        problems.append(
          "the words in VCL's message \(row.string(0)) are not used: \(error.reason); \(error.remedy)")
        read = .unused
      }
      if let affiliation = row.optionalString(1), isNotice {
        notices[affiliation] = read
      } else {
        summary = read
      }
    }
    return SiteMessages(notices: notices, summaryRow: summary, problems: problems)
  }

  /// The words for owners of an affiliation, named as VCL writes it: those of its own row, else of Global's.
  ///
  /// - Returns: nil where the program's own words apply.
  package func notice(affiliation: String?) -> SiteMessage? {
    let row = affiliation.flatMap { notices[$0] } ?? notices["Global"]
    guard case .edited(let message) = row else { return nil }
    return message
  }

  /// The words of the summary for the admins; nil where the program's own words apply.
  package var summary: SiteMessage? {
    guard case .edited(let message) = summaryRow else { return nil }
    return message
  }

  private struct Unusable: Error {
    let reason: String
    var remedy = "write them anew in the Messages editor of VCL's Site Configuration page"
  }

  private static func words(
    _ text: String, isYAML: Bool, resetTo copy: String?
  ) throws(Unusable) -> Row {
    guard isYAML else { throw Unusable(reason: "the row's serialization is not yaml") }
    let message: SiteMessage
    do throws(MessageYAMLError) {
      message = try MessageYAML.parse(text)
    } catch {
      throw Unusable(reason: error.description)
    }
    if let copy, text == copy || (try? MessageYAML.parse(copy))?.hasSameWords(as: message) == true {
      return .unused
    }
    guard !message.message.isEmpty else { throw Unusable(reason: "the message is empty") }
    guard !message.isHTML else {
      // VCL's editor does not let anybody edit such a row.
      throw Unusable(
        reason: "the message is HTML, and these mails make their own of plain text",
        remedy: "reset it with VCL's vclmessages.pl, then edit it in the Messages editor")
    }
    return .edited(message)
  }
}
