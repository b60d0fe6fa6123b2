import Assets
import Mail
import MariaDB
import TestSupport
import Testing
import VCLDatabase

@Suite("The site's words in VCL's messages")
struct SiteMessagesTests {
  private static let notice = "usermessage|image_expire_notice|Global"
  private static let summary = "adminmessage|image_expire_summary"

  /// VCL's tables with the rows of the migration, and two affiliations.
  private final class Rows {
    let database: TestDatabase
    let connection: Connection

    init() throws {
      database = try TestDatabase(schema: .vcl)
      connection = try database.connection()
      try connection.executeScript(
        """
        INSERT INTO affiliation (name, dataUpdateText) VALUES ('Global', ''), ('Local', ''), ('Zürich', '');
        """)
      try migrate("up")
    }

    func migrate(_ direction: String) throws {
      let file = try #require(
        Assets.Schema.all.first { $0.name == "v003_site_messages.\(direction).sql" })
      try connection.executeScript(file.text)
    }

    func write(_ name: String, _ value: String, serialization: String = "yaml") throws {
      try connection.execute(
        """
        INSERT INTO variable (name, serialization, value, setby, timestamp) VALUES (?, ?, ?, 'webcode', NOW())
        ON DUPLICATE KEY UPDATE serialization = VALUES(serialization), value = VALUES(value)
        """, [Value(name), Value(serialization), Value(value)])
    }

    func value(_ name: String) throws -> String? {
      try connection.first("SELECT value FROM variable WHERE name = ?", [Value(name)]) { $0.string(0) }
    }

    func read() throws -> SiteMessages { try SiteMessages.read(connection) }

    func names() throws -> [String] {
      try connection.rows(
        """
        SELECT CONCAT('variable ', name, ' ', serialization, ' ', setby) FROM variable WHERE timestamp > 0
        UNION SELECT CONCAT('messagereset ', name) FROM messagereset ORDER BY 1
        """
      ) { $0.string(0) }
    }
  }

  @Test("The migration adds both messages and the copies they are reset to")
  func up() throws {
    let rows = try Rows()
    #expect(
      try rows.names() == [
        "messagereset \(Self.summary)", "messagereset \(Self.notice)",
        "variable \(Self.summary) yaml expireimage", "variable \(Self.notice) yaml expireimage",
      ])
    let same = """
      SELECT COUNT(*) FROM variable JOIN messagereset ON messagereset.name = variable.name
        AND BINARY messagereset.value = variable.value
      """
    #expect(try rows.connection.first(same) { $0.int(0) } == 2)
  }

  @Test("The delivered words are plain ASCII and can be read, and VCL knows every bracketed one of them")
  func delivered() throws {
    let rows = try Rows()
    for name in [Self.notice, Self.summary] {
      let text = try #require(try rows.value(name))
      #expect(text.utf8.allSatisfy { $0 == 10 || (32...126).contains($0) })
      let message = try MessageYAML.parse(text)
      #expect(!message.subject.isEmpty)
      #expect(message.message.split(separator: "\n").count > 1)
      let brackets = (message.subject + message.message + message.shortMessage).matches(of: /\[([^\]]*)\]/)
      for bracket in brackets {
        #expect(MessagePlaceholder(rawValue: String(bracket.1)) != nil, "\(bracket.0)")
      }
    }
  }

  @Test("Up again keeps an edited message and adds what is missing; down takes all of them away")
  func againAndDown() throws {
    let rows = try Rows()
    let edited = "---\nmessage: Our words\nshort_message:\nsubject: Ours\n"
    try rows.write(Self.notice, edited)
    try rows.write("usermessage|image_expire_notice|Local", edited)
    try rows.write("usermessage|image_expire_noticed|Local", edited)
    try rows.connection.execute("DELETE FROM variable WHERE name = ?", [Value(Self.summary)])
    try rows.migrate("up")
    #expect(try rows.value(Self.notice) == edited)
    #expect(try rows.value(Self.summary) != nil)
    try rows.migrate("down")
    #expect(try rows.names() == ["variable usermessage|image_expire_noticed|Local yaml webcode"])
    try rows.migrate("down")
  }

  @Test("Words that nobody has edited leave the program its own")
  func unedited() throws {
    let messages = try Rows().read()
    #expect(messages.notice(affiliation: "Local") == nil)
    #expect(messages.notice(affiliation: nil) == nil)
    #expect(messages.summary == nil)
    #expect(messages.problems.isEmpty)
  }

  @Test("Words that VCL has only written anew, in another style, count as unedited")
  func rewritten() throws {
    let rows = try Rows()
    let message = try MessageYAML.parse(try #require(try rows.value(Self.notice)))
    let lines = message.message.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "    " + $0 + "\r\n" }.joined()
    try rows.write(
      Self.notice,
      "---\nsubject: '\(message.subject)'\nmessage: |\n  |\n\(lines)short_message: \"\(message.shortMessage)\"\n"
    )
    #expect(try rows.read().notice(affiliation: nil) == nil)
    #expect(try rows.read().problems.isEmpty)
  }

  @Test(
    "An affiliation has its own words, else those of Global; a row of its own with the delivered words counts"
  )
  func affiliations() throws {
    let rows = try Rows()
    let delivered = try #require(try rows.value(Self.notice))
    try rows.write(Self.notice, "---\nsubject: For all\nmessage: m\n")
    try rows.write("usermessage|image_expire_notice|LOCAL", "---\nsubject: For locals\nmessage: m\n")
    try rows.write("usermessage|image_expire_notice|Gone", "broken")
    var messages = try rows.read()
    #expect(messages.notice(affiliation: "Local")?.subject == "For locals")
    #expect(messages.notice(affiliation: "Zürich")?.subject == "For all")
    #expect(messages.notice(affiliation: nil)?.subject == "For all")
    #expect(messages.problems.isEmpty)

    try rows.write("usermessage|image_expire_notice|Zürich", delivered)
    messages = try rows.read()
    #expect(messages.notice(affiliation: "Zürich") == nil)
  }

  @Test("Letters outside ASCII arrive as they are stored")
  func latin1() throws {
    let rows = try Rows()
    try rows.write(Self.summary, "---\nmessage: |\n  Grüße – café\nsubject: Übersicht\n")
    #expect(try rows.read().summary == SiteMessage(subject: "Übersicht", message: "Grüße – café"))
  }

  @Test(
    "A row that cannot be used is named with the reason and what to do, and the program's own words stand in",
    arguments: [
      ("---\nsubject: s\nWords without a key\n", "yaml", "line 3", "Messages editor"),
      ("a:1:{s:7:\"subject\";}", "phpserialize", "serialization", "Messages editor"),
      ("", "yaml", "neither a subject nor a message", "Messages editor"),
      ("---\nsubject: s\nmessage: ~\n", "yaml", "empty", "Messages editor"),
      ("---\nsubject: s\nmessage: '<html><p>Hello</p></html>'\n", "yaml", "HTML", "vclmessages.pl"),
    ])
  func problems(_ value: String, _ serialization: String, _ reason: String, _ remedy: String) throws {
    let rows = try Rows()
    try rows.write(Self.notice, value, serialization: serialization)
    try rows.write(Self.summary, "---\nsubject: s\nmessage: m\n")
    let messages = try rows.read()
    #expect(messages.notice(affiliation: "Local") == nil)
    #expect(messages.summary?.message == "m")
    #expect(messages.problems.count == 1)
    for word in [Self.notice, reason, remedy] {
      #expect(messages.problems.first?.contains(word) == true, "\(messages.problems)")
    }
  }
}
