import Assets
import Mustache

/// A template that cannot be used: one line with its name, the line in it, and what is wrong.
package struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
  package let description: String
}

/// The two templates of a digest, parsed and checked once, for any number of mails.
///
/// They are Mustache templates; the HTML one escapes what it is given. A name that no digest has is
/// refused here, because Mustache would silently leave a gap.
package struct DigestTemplates: Sendable {
  let text: MustacheTemplate
  let html: MustacheTemplate

  /// The templates that come with the program.
  /// - Throws: `TemplateError`.
  package init() throws {
    try self.init(
      text: Assets.Templates.ownerDigestText, textName: "owner_digest.text.mustache",
      html: Assets.Templates.ownerDigestHtml, htmlName: "owner_digest.html.mustache")
  }

  /// Other templates than those that come with the program; the names are for errors.
  /// - Throws: `TemplateError`.
  package init(text: String, textName: String, html: String, htmlName: String) throws {
    // Without the pragma the library escapes for HTML.
    self.text = try Self.parsed(text, name: textName, pragma: "{{% CONTENT_TYPE: TEXT}}")
    self.html = try Self.parsed(html, name: htmlName, pragma: "{{% CONTENT_TYPE: HTML}}")
  }

  private static func parsed(_ text: String, name: String, pragma: String) throws -> MustacheTemplate {
    if let fault = TemplateNames.fault(in: text, known: DigestFields.names) {
      throw TemplateError(description: "Template \(name), line \(fault.line): \(fault.what)")
    }
    do {
      return try MustacheTemplate(string: pragma + text)
    } catch let error as MustacheTemplate.ParserError {
      throw TemplateError(
        description: "Template \(name), line \(error.context.lineNumber): \(words(for: error.error))")
    } catch {
      throw TemplateError(description: "Template \(name): \(error)")
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
