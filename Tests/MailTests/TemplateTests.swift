import Mail
import Testing

@Suite("Templates")
struct TemplateTests {
  @Test(
    "A template that is broken is refused with its file and line",
    arguments: [
      ("a\n{{nonsense}}", "line 2: unknown name nonsense"),
      ("{{#expiring}}\n{{#items}}{{/items}}{{title}}{{/expiring}}", "line 2: unknown name title"),
      ("{{#expiring}}{{/expiring}}{{heading}}", "line 1: unknown name heading"),
      ("{{#words}}{{text}}{{/words}}", "line 1: unknown name text"),
      ("{{^words}}{{lines}}{{/words}}", "line 1: "),
      ("{{{greeting}}}", "line 1: {{{greeting}} would not be escaped"),
      ("\n\n{{&greeting}}", "line 3: {{&greeting}} would"),
      ("{{> other}}", "line 1: {{> other}} is not supported"), ("{{=<% %>=}}", "line 1: "),
      ("{{#has_site}}\nx", "line 2: a section is not closed"), ("x\n{{greeting", "line 2: "),
      ("{{#has_site}}x{{/has_help}}", "line 1: "),
      ("{{upper(greeting)}}", "line 1: unknown name"), ("{{greeting.x}}", "line 1: unknown name greeting.x"),
    ])
  func broken(_ template: String, _ expected: String) {
    let name = "owner_digest.text.mustache"
    let error = #expect(throws: TemplateError.self) {
      try DigestTemplates(overriding: [name: template], folder: "/etc/expireimage/templates")
    }
    #expect(
      error?.description.hasPrefix("Template /etc/expireimage/templates/\(name), \(expected)") == true,
      "\(error?.description ?? "")")
  }

  @Test("A site's own template takes the place of its file alone, the HTML escaped and the text not")
  func own() throws {
    let templates = try DigestTemplates(overriding: [
      "owner_digest.text.mustache":
        "{{greeting}}{{! a remark }} {{#expiring}}{{#items}}{{title}} {{owner}}{{/items}}{{/expiring}}",
      "owner_digest.html.mustache": "<p title=\"{{owner}}\">{{greeting}}</p>",
    ])
    let context = DigestContext(recipient: .owner(greetingName: "<Anna> &amp; 'é\""), minimumNoticeDays: 0)
    let mail = DigestMail(digest: Samples.one, context: context, templates: templates)
    #expect(mail.text == "Hello <Anna> & 'é\" Ubuntu 20.04 Base, revision 3 <Anna> & 'é\"\n")
    #expect(
      mail.html
        == "<p title=\"&lt;Anna&gt; &amp; &#39;é&quot;\">Hello &lt;Anna&gt; &amp; &#39;é&quot;</p>")
    let partly = try DigestTemplates(overriding: ["owner_digest.text.mustache": "Short."])
    let half = DigestMail(digest: Samples.one, context: context, templates: partly)
    #expect(half.text == "Short.\n")
    #expect(half.html.contains("Ubuntu 20.04 Base, revision 3"))
  }

  @Test("Every name of a template is found in what it shows", arguments: MailTemplate.allCases)
  func names(_ template: MailTemplate) throws {
    for (lists, fields) in template.schema.places {
      for field in fields {
        // Opened from the top, so that the list is one that the template knows.
        let tag = field.kind == .text ? "{{\(field.name)}}" : "{{#\(field.name)}}{{/\(field.name)}}"
        let path = try #require(Self.path(to: lists, in: template.schema))
        let text = path.map { "{{#\($0)}}" }.joined() + tag + path.reversed().map { "{{/\($0)}}" }.joined()
        _ = try DigestTemplates(overriding: [template.rawValue: text])
        _ = try SummaryTemplates(overriding: [template.rawValue: text])
        #expect(!field.meaning.isEmpty && field.meaning.hasSuffix("."))
      }
    }
  }

  /// The lists that have to be opened, from the outside in; empty for the top.
  private static func path(to lists: [String], in schema: TemplateSchema) -> [String]? {
    guard let list = lists.first else { return [] }
    let places = schema.places
    guard let outer = places.first(where: { $0.fields.contains { $0.name == list && $0.kind == .list } })
    else {
      return nil
    }
    return path(to: outer.lists, in: schema).map { $0 + [list] }
  }
}
