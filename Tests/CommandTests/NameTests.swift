import Campus
import MariaDB
import TestSupport
import Testing

/// Names as VCL's tables hold them: escaped once by the web, latin1, whatever somebody typed.
@Suite("Odd names")
struct NameTests {
  struct Name: Sendable, CustomTestStringConvertible {
    /// As stored.
    let stored: String
    /// As a person has to see it, where lines matter without its line ends.
    let shown: String
    /// In the JSON document.
    let exact: String
    /// In a field of the CSV file.
    let field: String

    init(_ stored: String, shown: String? = nil, exact: String? = nil, field: String? = nil) {
      self.stored = stored
      self.exact = exact ?? stored
      self.shown = shown ?? self.exact
      self.field = field ?? self.exact
    }

    var testDescription: String { stored.debugDescription }
  }

  static let names = [
    Name("It's a \"quoted\" name"),
    Name("Stats, 2nd edition; R"),
    Name("&quot;Best&quot; of &lt;b&gt;C&amp;A&lt;/b&gt;", exact: "\"Best\" of <b>C&A</b>"),
    Name("<b>raw HTML</b> & more"),
    Name("O&#039;Brien", exact: "O'Brien"),
    // The web stores an emoji that somebody typed as an entity that it has escaped once more.
    Name("Party &amp;#128512;", exact: "Party &#128512;"),
    Name("Party &#128512;", exact: "Party \u{1F600}"),
    Name("caf\u{E9} na\u{EF}ve \u{DF}"),
    Name(String(repeating: "\u{DC}\u{E5}", count: 40)),
    Name("two\nlines", shown: "two lines"),
    Name("carriage\r\nreturn\ttab", shown: "carriage return tab"),
    Name("=SUM(A1:A9)", field: "'=SUM(A1:A9)"),
    Name("-2+3", field: "'-2+3"),
    Name("@home", field: "'@home"),
    Name("{{subject}} [image_prettyname] %s \\n"),
    Name("'; DROP TABLE imagerevision; --"),
    Name("nul\u{1}bell\u{7}escape\u{1B}[31mred", shown: "nul bell escape [31mred"),
    Name(" leading and trailing ", shown: "leading and trailing"),
    Name("a\u{A0}no-break space"),
  ]

  @Test("are what they are in JSON and CSV, and one line in the table and the mail", arguments: names)
  func everywhere(_ name: Name) throws {
    let site = try CommandSite()
    try site.history()
    // A column for a first name is shorter than one for an image's.
    let isFirstName = name.stored.unicodeScalars.count <= 20
    let owner = try site.campus.user("alice", first: isFirstName ? name.stored : "Alice")
    let pair = try site.forgotten(name.stored, owner: owner)
    let day = ["--today", CommandSite.today]

    #expect(try site.plan()[pair.older].image == name.exact)
    let csv = try PythonCSV.rows(site.call(["plan", "--format", "csv"] + day).output)
    #expect(csv.count == 2)
    #expect(csv.last?[2] == name.field)
    let table = try site.call(["plan"] + day)
    let rows = table.outputLines.filter { $0.contains("idle_older") && $0.contains("2025-03-01") }
    #expect(rows.count == 1, "\(table.output)")
    let cut = name.shown.count > 40 ? name.shown.prefix(39) + "…" : name.shown
    #expect(rows.first?.contains(cut) == true, "\(table.output)")
    #expect(!table.output.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })

    let run = try site.simulate(mode: "notify")
    #expect(run.status == 0)
    #expect(try RunDocument(run.json).decisions.first?.image == name.exact)
    let mail = try #require(try site.mails().first)
    #expect(mail.defects.isEmpty)
    #expect(mail.to == ["alice@example.edu"])
    let oneLine = mail.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let wanted = name.shown.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(oneLine.contains("\(wanted), revision 1"), "\(mail.text)")
    if isFirstName { #expect(oneLine.contains("Hello \(wanted),"), "\(mail.text)") }
    #expect(mail.html.contains(escaped(name.shown)), "\(mail.html)")
    let subject = mail.subject.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let end = ", revision 1 expires on 1 April 2026"
    // A very long name is cut.
    #expect(subject.hasSuffix(wanted.count <= 40 ? wanted + end : "…" + end), "\(subject)")
  }

  /// As HTML writes it.
  private func escaped(_ text: String) -> String {
    var text = text
    for (plain, entity) in [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")] {
      text = text.replacing(plain, with: entity)
    }
    return text
  }

  @Test("VCL's tables cannot store an emoji as itself, so that the program never meets one")
  func emojiIsRefused() throws {
    let site = try CommandSite()
    #expect(throws: MariaDBError.self) { try site.campus.image("Party \u{1F600}") }
  }

  @Test("all names of one table make a CSV file with a row for each revision")
  func wholeFile() throws {
    let site = try CommandSite()
    try site.history()
    for name in Self.names { try site.forgotten(name.stored) }
    let rows = try PythonCSV.rows(
      site.call(["plan", "--format", "csv", "--today", CommandSite.today]).output)
    #expect(rows.dropFirst().map { $0[2] } == Self.names.map(\.field))
    #expect(rows.allSatisfy { $0.count == 11 })
    let table = try site.call(["plan", "--today", CommandSite.today]).outputLines
    #expect(table.count { $0.contains("2025-03-01") } == Self.names.count)
  }

  @Test("an affiliation and a login with odd letters are shown as they are")
  func accounts() throws {
    let site = try CommandSite()
    try site.history()
    let owner = try site.campus.user("j.o'neil+x", in: site.campus.affiliation("Caf\u{E9}, \"Nord\""))
    let pair = try site.forgotten("Forgotten", owner: owner)
    #expect(try site.plan()[pair.older].owner == "j.o'neil+x@Caf\u{E9}, \"Nord\"")
    let csv = try PythonCSV.rows(
      site.call(["plan", "--format", "csv", "--today", CommandSite.today]).output)
    #expect(csv.last?[4] == "j.o'neil+x@Caf\u{E9}, \"Nord\"")
  }

  @Test("a pattern or an owner with a letter that latin1 does not have matches nothing and breaks nothing")
  func beyondLatin1() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    let plan = try site.plan(set: [
      "expireimage_exclude_images=*\u{1F600}*,\u{4E2D}*", "expireimage_ignore_users=\u{1F600}@Local",
    ])
    #expect(try plan[pair.older].decision == "mark")
  }
}
