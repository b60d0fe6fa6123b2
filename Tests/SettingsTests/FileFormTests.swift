import Foundation
import Testing

@testable import Settings

@Suite struct FileFormTests {
  @Test(
    "a value is taken from a line",
    arguments: [
      ("database.name = vcl2", "vcl2"), ("database.name=vcl2", "vcl2"),
      ("  database.name\t=  vcl2  ", "vcl2"),
      ("database.name = \"vcl 2 \"", "vcl 2 "), ("database.name = 'say \"vcl\"'", "say \"vcl\""),
      ("database.name = a=b", "a=b"), ("database.name = a#b", "a#b"), ("database.name = 'a #b'", "a #b"),
      ("[database]\nname = vcl2", "vcl2"), ("[ database ]\n\n# comment\nname = vcl2", "vcl2"),
      ("[smtp]\ndatabase.name = vcl2", "vcl2"), ("# c\r\n[database]\r\nname = vcl2\r\n", "vcl2"),
      ("\u{FEFF}database.name = vclé", "vclé"), ("# database.name = x\ndatabase.name = vcl2", "vcl2"),
    ])
  func values(lines: String, name: String) throws {
    #expect(try TemporaryFolder().load(lines).database.name == name)
  }

  @Test("blank lines and comments count for the line number in a source")
  func lineNumbers() throws {
    let folder = try TemporaryFolder()
    let settings = try folder.load("# one\r\n\r\n[mail]\r\nadmin = a@b.edu\r\n")
    #expect(settings.entry(.mailAdmin)?.source == "file \(folder.path)/expireimage.conf line 4")
  }

  @Test("an empty value in a higher source takes a lower one away")
  func emptyValue() throws {
    let settings = try TemporaryFolder().load("mail.admin = a@b.edu", ["EXPIREIMAGE_MAIL_ADMIN": ""])
    #expect(settings.mail.admin == nil)
    #expect(
      settings.entry(.mailAdmin)
        == SettingEntry(
          key: "mail.admin", value: nil, source: "environment EXPIREIMAGE_MAIL_ADMIN",
          overridden: settings.entry(.mailAdmin)?.overridden ?? []))
  }

  @Test("a file that is a pipe can be read")
  func pipe() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("database.name = piped".utf8))
    try pipe.fileHandleForWriting.close()
    let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    #expect(try Settings.load(configFile: path, environment: [:]).database.name == "piped")
  }
}
