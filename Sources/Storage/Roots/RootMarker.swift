import Glibc

/// The file that makes a directory a root. Without it nothing is ever deleted there.
package struct RootMarker: Sendable, Hashable {
  /// Its name in the root's directory.
  package static let fileName = ".expireimage-root"

  /// 32 hexadecimal digits, made by `root add` and kept beside the root's configuration.
  package let id: String

  /// A new one, unlike every other.
  package init() {
    var generator = SystemRandomNumberGenerator()
    id = hexadecimal(generator.next()) + hexadecimal(generator.next())
  }

  /// Nil when the text is not an id.
  package init?(id: String) {
    let isID =
      id.utf8.count == 32
      && id.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
    guard isID else { return nil }
    self.id = id
  }

  /// What the file holds: a sentence for whoever finds it, and the id.
  var text: String {
    "# expireimage manages this directory. Without this file it deletes nothing here.\nid = \(id)\n"
  }

  /// Reads the file's text; nil when it is not as ``text`` writes it.
  init?(text: String) {
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    guard lines.count == 1, lines[0].hasPrefix("id = ") else { return nil }
    self.init(id: String(lines[0].dropFirst(5)))
  }

  /// Reads the marker of an open directory.
  ///
  /// - Returns: nil when there is none.
  /// - Throws: ``RootProblem`` when it is a symbolic link, no file, unreadable, or holds something else.
  static func read(in directory: Int32, path: String) throws(RootProblem) -> RootMarker? {
    let name = FileName(fileName)
    let isFile: Bool
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try Descriptor.file(name, in: directory)
      isFile = try FileStatus(of: file.number).kind == .regular
      bytes = isFile ? try file.contents(atMost: 1024, of: name) : []
    } catch {
      if error.isMissing { return nil }
      throw .unreadableMarker(path: path, reason: error.reason)
    }
    guard isFile else { throw .unreadableMarker(path: path, reason: "it is not a file") }
    guard let text = String(validating: bytes, as: UTF8.self), let marker = RootMarker(text: text) else {
      throw .unreadableMarker(path: path, reason: "it holds something else")
    }
    return marker
  }

  /// Writes the marker of an open directory, in one step that a crash cannot leave half done.
  func write(in directory: Int32, changes: Changes) throws(FileError) {
    // Under a name of its own first: an empty marker would be taken for a foreign file.
    let draft = FileName("\(Self.fileName).\(id)")
    let file = try changes.createFile(draft, in: directory, mode: 0o644)
    do throws(FileError) {
      try changes.write(text, to: file.number, draft)
      try changes.synchronize(file.number, "\(draft)")
      try changes.rename(draft, in: directory, to: FileName(Self.fileName), in: directory)
    } catch {
      try? changes.removeFile(draft, in: directory)
      throw error
    }
    try changes.synchronize(directory, "the root's directory")
  }
}

/// 16 digits.
func hexadecimal(_ number: UInt64) -> String {
  let digits = String(number, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
