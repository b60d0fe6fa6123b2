import Foundation
import Storage

/// What an upload has put in place, as its task's result keeps it.
struct UploadResult: Codable {
  struct File: Codable {
    /// Relative to the root's directory.
    let path: String
    let bytes: Int64
    /// Of the content, 64 hexadecimal digits.
    let sha256: String
  }

  let bytes: Int64
  let files: [File]

  init(_ files: [CopiedFile]) {
    self.files = files.map { File(path: $0.path, bytes: $0.bytes, sha256: $0.checksum) }
    bytes = files.reduce(0) { $0 + $1.bytes }
  }

  /// That of a task; nil: it has none, or none that can be read.
  init?(document: String?) {
    guard let document, let result = try? JSONDecoder().decode(Self.self, from: Data(document.utf8)) else {
      return nil
    }
    self = result
  }

  /// Whether every file is in the directory, with its size.
  func isInPlace(in directory: String) -> Bool {
    files.allSatisfy { file in
      var status = stat()
      return lstat("\(directory)/\(file.path)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        && Int64(status.st_size) == file.bytes
    }
  }

  var document: String { get throws { try JSONOutput.text(self, isPretty: false) } }

  var message: String {
    "Copied \(ByteCount(bytes)) in \(files.count) \(files.count == 1 ? "file" : "files")"
  }
}

/// What was asked of an upload or a cleanup, as its task's input keeps it.
struct ImageFileRequest: Codable {
  let name: String
  /// Absolute; nil: of a cleanup.
  var source: String?
  /// How often a failed upload is tried again.
  var retries: Int?
  /// How many uploads of the same request have failed; nil: none.
  var attempts: Int?
  /// Whether a worker does it, and tries it again; else its caller does.
  var queued: Bool?

  init(name: String, source: String? = nil, retries: Int? = nil, queued: Bool? = nil) {
    self.name = name
    self.source = source
    self.retries = retries
    self.queued = queued
  }

  /// Nil for a text that another version of the program has written.
  init?(document: String) {
    guard let request = try? JSONDecoder().decode(Self.self, from: Data(document.utf8)) else { return nil }
    self = request
  }

  var document: String { get throws { try JSONOutput.text(self, isPretty: false) } }
}
