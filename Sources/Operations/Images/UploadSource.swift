import Caches
import Foundation
import Storage

/// What of a source becomes which name in the root's directory, so that together they are the entry of one image.
struct UploadSource {
  struct Part {
    /// Absolute.
    let path: String
    let newName: String
    /// Of a file; 0 of a directory.
    let bytes: Int64
  }

  let parts: [Part]

  /// Whatever is copied must not be what is written meanwhile, or what the root keeps for itself.
  ///
  /// - Parameter source: absolute path.
  /// - Throws: ``Failure``: no other try helps.
  static func checkOutside(_ source: String, root: String) throws {
    func real(_ path: String) -> String? {
      guard let resolved = realpath(path, nil) else { return nil }
      defer { free(resolved) }
      return String(cString: resolved)
    }
    func holds(_ directory: String, _ path: String) -> Bool {
      path.utf8.elementsEqual(directory.utf8)
        || path.utf8.starts(with: (directory.hasSuffix("/") ? directory : directory + "/").utf8)
    }
    // What is not there is refused where it is looked at.
    guard let path = real(source), let directory = real(root) else { return }
    let areas = Area.allCases.compactMap { real("\(root)/\($0.rawValue)") }
    if holds(path, directory) || areas.contains(where: { holds($0, path) }) {
      throw Failure(
        "\(FileName(source)) holds the root \(FileName(root)) or is in one of its areas; name a source apart from it",
        .failed, isLasting: true)
    }
  }

  /// - Parameters:
  ///   - source: absolute path of a directory or a file; it may be a symbolic link itself.
  ///   - known: every image name of VCL's database, and this one.
  /// - Throws: ``Failure`` when the result would not be the entry, or not the whole of it.
  init(_ source: String, name: String, layout: Layout, known: KnownNames) throws {
    var status = stat()
    guard stat(source, &status) == 0 else {
      let reason = String(cString: strerror(errno))
      throw Failure("\(FileName(source)) cannot be read (\(reason)); name a directory or a file", .failed)
    }
    func isRecognized(_ fileName: String, isDirectory: Bool = false) -> Bool {
      let image = layout.imageName(of: fileName, isDirectory: isDirectory, known: known)
      return image.map { $0.utf8.elementsEqual(name.utf8) } ?? false
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR where isRecognized(name, isDirectory: true):
      parts = [Part(path: source, newName: name, bytes: 0)]
    case S_IFDIR:
      parts = try Self.files(in: source, name: name) { isRecognized($0) }
    case S_IFREG:
      let newName = try Self.newName(of: source, name: name, layout: layout) { isRecognized($0) }
      parts = [Part(path: source, newName: newName, bytes: Int64(status.st_size))]
    default:
      throw WritingProblem.unsupportedSource(source)
    }
    guard parts.contains(where: { !$0.newName.hasSuffix(".xml") }) else {
      throw Failure(
        "\(FileName(source)) has no disk of \(FileName(name)), only an index (.xml)", .failed, isLasting: true
      )
    }
  }

  /// All that a directory of flat files holds: each must be one of the image's.
  private static func files(
    in source: String, name: String, _ isRecognized: (String) -> Bool
  ) throws -> [Part] {
    let parts = try FileManager.default.contentsOfDirectory(atPath: source).sorted().map { fileName in
      let path = "\(source)/\(fileName)"
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, isRecognized(fileName) else {
        throw Failure(
          "\(FileName(path)) is no file of \(FileName(name)); a directory to upload holds files \(FileName(name)).<type> and nothing else, or name one file",
          .failed, isLasting: true)
      }
      return Part(path: path, newName: fileName, bytes: Int64(status.st_size))
    }
    guard !parts.isEmpty else { throw Failure("\(FileName(source)) is empty", .failed, isLasting: true) }
    return parts
  }

  /// The source's own name where that is one of the image's, else the image's with the source's extension.
  private static func newName(
    of source: String, name: String, layout: Layout, _ isRecognized: (String) -> Bool
  ) throws -> String {
    let base = source.split(separator: "/").last.map(String.init) ?? ""
    if isRecognized(base) { return base }
    var newName = name
    if let dot = base.lastIndex(of: "."), dot > base.startIndex { newName += base[dot...] }
    guard isRecognized(newName) else {
      throw Failure(
        "\(FileName(source)) would become \(FileName(newName)), which a root of layout \(layout.rawValue) does not take for \(FileName(name)); name a directory with its files, or a file such as \(FileName(name)).qcow2",
        .failed, isLasting: true)
    }
    return newName
  }
}
