import Assets
import Mustache

/// A template that cannot be used: one line with its file, the line in it, and what is wrong.
package struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
  package let description: String
}

/// The templates of mails, by the names of their files. A site may put files of its own in their place.
package enum MailTemplate: String, Sendable, CaseIterable {
  case ownerDigestText = "owner_digest.text.mustache"
  case ownerDigestHTML = "owner_digest.html.mustache"
  case adminSummaryText = "admin_summary.text.mustache"
  case adminSummaryHTML = "admin_summary.html.mustache"

  /// The names that it may use.
  package var schema: TemplateSchema {
    switch self {
    case .ownerDigestText, .ownerDigestHTML: DigestFields.fields.schema
    case .adminSummaryText, .adminSummaryHTML: SummaryFields.fields.schema
    }
  }

  /// The one that comes with the program.
  private var builtIn: String {
    switch self {
    case .ownerDigestText: Assets.Templates.ownerDigestText
    case .ownerDigestHTML: Assets.Templates.ownerDigestHtml
    case .adminSummaryText: Assets.Templates.adminSummaryText
    case .adminSummaryHTML: Assets.Templates.adminSummaryHtml
    }
  }

  private var isHTML: Bool { self == .ownerDigestHTML || self == .adminSummaryHTML }

  /// Parses and checks the site's text, or the one that comes with the program.
  ///
  /// A name that no mail has is refused here, because Mustache would silently leave a gap.
  /// - Parameters:
  ///   - overriding: the site's texts by the names of the files.
  ///   - folder: where they come from, for errors.
  /// - Throws: `TemplateError`.
  func parsed(overriding texts: [String: String], folder: String?) throws -> MustacheTemplate {
    let text = texts[rawValue] ?? builtIn
    let file = texts[rawValue] == nil ? rawValue : (folder.map { "\($0)/" } ?? "") + rawValue
    if let fault = TemplateNames.fault(in: text, schema: schema) {
      throw TemplateError(description: "Template \(file), line \(fault.line): \(fault.what)")
    }
    do {
      // Without the pragma the library escapes for HTML, slowly.
      return try MustacheTemplate(string: "{{% CONTENT_TYPE: \(isHTML ? EscapedHTML.name : "TEXT")}}" + text)
    } catch let error as MustacheTemplate.ParserError {
      throw TemplateError(
        description: "Template \(file), line \(error.context.lineNumber): \(Self.words(for: error.error))")
    } catch {
      throw TemplateError(description: "Template \(file): \(error)")
    }
  }

  private static func words(for error: any Error) -> String {
    switch error as? MustacheTemplate.Error {
    case .sectionCloseNameIncorrect: "this closes another section than the one that is open; check the names."
    case .unfinishedName: "a tag is not closed; end it with }}."
    case .expectedSectionEnd: "a section is not closed; add its {{/name}}."
    default: "this is no Mustache (\(error))."
    }
  }
}

/// The two templates of a digest, parsed and checked once, for any number of mails.
package struct DigestTemplates: Sendable {
  let text: MustacheTemplate
  let html: MustacheTemplate

  /// The templates that come with the program, or those that a site has put in their place.
  /// - Parameters:
  ///   - overriding: the site's texts by the names of the files (``MailTemplate``).
  ///   - folder: where they come from, for errors.
  /// - Throws: `TemplateError`.
  package init(overriding texts: [String: String] = [:], folder: String? = nil) throws {
    text = try MailTemplate.ownerDigestText.parsed(overriding: texts, folder: folder)
    html = try MailTemplate.ownerDigestHTML.parsed(overriding: texts, folder: folder)
  }
}

/// The two templates of the summary to the admins.
package struct SummaryTemplates: Sendable {
  let text: MustacheTemplate
  let html: MustacheTemplate

  /// As for ``DigestTemplates``.
  /// - Throws: `TemplateError`.
  package init(overriding texts: [String: String] = [:], folder: String? = nil) throws {
    text = try MailTemplate.adminSummaryText.parsed(overriding: texts, folder: folder)
    html = try MailTemplate.adminSummaryHTML.parsed(overriding: texts, folder: folder)
  }
}
