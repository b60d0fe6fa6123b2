import Testing

@testable import Operations

@Suite("Tables for people")
struct TextTableTests {
  private let table = TextTable(
    header: ["ID", "Image", "Reasons"],
    rows: [
      ["7", "Statistics", "idle_older adopted notice_missing"],
      ["1234", "A course in numerical methods", "due"],
    ])

  @Test("a file gets a line for each row")
  func file() {
    #expect(
      table.text() == """
          ID  Image                          Reasons
        ----  -----------------------------  ---------------------------------
           7  Statistics                     idle_older adopted notice_missing
        1234  A course in numerical methods  due
        """)
  }

  @Test("on a narrow screen the widest columns are broken at blanks")
  func narrow() {
    #expect(
      table.text(on: Screen(width: 48, isColored: false)) == """
          ID  Image                 Reasons
        ----  --------------------  --------------------
           7  Statistics            idle_older adopted
                                    notice_missing
        1234  A course in           due
              numerical methods
        """)
  }

  @Test("a word that is longer than its column is broken where that ends")
  func narrowest() {
    let table = TextTable(header: ["Key", "File"], rows: [["a_key_of_some_length", "/var/lib/expireimage"]])
    #expect(
      table.text(on: Screen(width: 26, isColored: false)) == """
        Key           File
        ------------  ------------
        a_key_of_som  /var/lib/exp
        e_length      ireimage
        """)
  }

  @Test("where even columns of 12 do not fit, the rows stay whole for the terminal to break")
  func tooNarrow() {
    #expect(table.text(on: Screen(width: 31, isColored: false)) == table.text())
    #expect(table.text(on: Screen(width: -2, isColored: false)) == table.text())
  }

  @Test("every width shows every letter, in lines that fit", arguments: 30...80)
  func everyWidth(width: Int) {
    let text = table.text(on: Screen(width: width, isColored: false))
    func letters(_ text: String) -> String { String(text.filter { !" -\n".contains($0) }.sorted()) }
    #expect(letters(text) == letters(table.text()))
    if width >= 32 { #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(text)") }
  }

  @Test("styles surround the text and leave the columns as they are")
  func styles() {
    let table = TextTable(header: ["Decision", "Image"], rows: [["flag", "Old"]]) { column, text in
      column == 0 && text == "flag" ? .red : nil
    }
    #expect(
      table.text(on: Screen(width: 80, isColored: true))
        == "\u{1B}[1mDecision\u{1B}[0m  \u{1B}[1mImage\u{1B}[0m\n--------  -----\n\u{1B}[31mflag\u{1B}[0m      Old"
    )
    #expect(!table.text(on: Screen(width: 80, isColored: false)).contains("\u{1B}"))
  }
}
