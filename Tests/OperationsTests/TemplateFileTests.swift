import Foundation
import Mail
import Testing

@testable import Operations

@Suite("A site's template files")
struct TemplateFileTests {
  @Test("Without a folder, and in one without templates, there are none")
  func none() throws {
    #expect(try TemplateFiles.read(folder: nil).isEmpty)
    try Self.withFolder(["README": Data("not a template".utf8)]) { (folder: String) throws in
      #expect(try TemplateFiles.read(folder: folder).isEmpty)
    }
  }

  @Test("Files with the names of templates are read, any of them")
  func read() throws {
    try Self.withFolder([
      "owner_digest.text.mustache": Data("{{greeting}} é".utf8),
      "admin_summary.html.mustache": Data("x".utf8),
    ]) { (folder: String) throws in
      #expect(
        try TemplateFiles.read(folder: folder) == [
          "owner_digest.text.mustache": "{{greeting}} é", "admin_summary.html.mustache": "x",
        ])
    }
  }

  @Test(
    "What cannot be used ends with status 5 and names the file",
    arguments: [
      ("owner_digest.txt.mustache", Data("x".utf8), "no mail has a template of that name"),
      ("demo_index.html.mustache", Data("x".utf8), "no mail has a template of that name"),
      ("owner_digest.text.mustache", Data([0x61, 0xFF]), "is not UTF-8"),
      ("owner_digest.html.mustache", Data(repeating: 0x61, count: 1 << 20 + 1), "is larger than 1 MB"),
    ])
  func refused(_ name: String, _ content: Data, _ why: String) throws {
    try Self.withFolder([name: content]) { (folder: String) throws in
      let failure = #expect(throws: Failure.self) { try TemplateFiles.read(folder: folder) }
      #expect(failure?.exitStatus == .configurationInvalid)
      #expect(failure?.description.hasPrefix("\(folder)/\(name): ") == true)
      #expect(failure?.description.contains(why) == true)
    }
  }

  @Test("A file or a folder that cannot be read is named")
  func unreadable() throws {
    try Self.withFolder([:]) { (folder: String) throws in
      let file = "\(folder)/owner_digest.text.mustache"
      // Not a matter of permissions, which do not hold for root.
      try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
      for (path, name) in [(folder, file), ("\(folder)/missing", "\(folder)/missing")] {
        let failure = #expect(throws: Failure.self) { try TemplateFiles.read(folder: path) }
        #expect(failure?.exitStatus == .configurationInvalid)
        #expect(failure?.description.hasPrefix("\(name): ") == true)
      }
    }
  }

  @Test("A template's fault ends with status 5 and names the file and the line")
  func fault() throws {
    try Self.withFolder(["admin_summary.text.mustache": Data("a\n{{nonsense}}".utf8)]) {
      (folder: String) throws in
      let texts = try TemplateFiles.read(folder: folder)
      let error = #expect(throws: TemplateError.self) {
        try SummaryTemplates(overriding: texts, folder: folder)
      }
      let failure = Failure(try #require(error))
      #expect(failure.exitStatus == .configurationInvalid)
      #expect(
        failure.description.hasPrefix("Template \(folder)/admin_summary.text.mustache, line 2: unknown"))
    }
  }

  private static func withFolder(_ files: [String: Data], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, content) in files { try content.write(to: folder.appending(path: name)) }
    try body(folder.path)
  }
}
