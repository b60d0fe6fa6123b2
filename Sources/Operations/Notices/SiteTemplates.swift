import Mail
import Settings

/// The templates of all mails, the site's own where it has put some in their place.
struct SiteTemplates {
  let digest: DigestTemplates
  let summary: SummaryTemplates

  /// - Throws: `TemplateError` or ``Failure``: what cannot be used stops a call before it does anything.
  init(_ settings: MailSettings) throws {
    let texts = try TemplateFiles.read(folder: settings.templateFolder)
    digest = try DigestTemplates(overriding: texts, folder: settings.templateFolder)
    summary = try SummaryTemplates(overriding: texts, folder: settings.templateFolder)
  }
}
