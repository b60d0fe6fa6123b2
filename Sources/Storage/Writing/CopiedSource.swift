import Caches
import Glibc

/// A file or directory as it was when it was copied.
struct CopiedSource {
  enum Content {
    case file(size: Int64, modified: FileTime)
    case directory([CopiedSource])
  }

  let name: FileName
  /// How errors call it.
  let path: String
  let content: Content

  /// Makes sure that no file of it was changed since: files that were copied one after the other are one image only if
  /// all of them stayed as they were.
  ///
  /// - Throws: ``WritingProblem/sourceChanged(_:)``, ``FileError``.
  func checkUnchanged(in parent: Int32) throws {
    do {
      switch content {
      case .file(let size, let modified):
        let status = try FileStatus(name, in: parent)
        guard status.kind == .regular, status.size == size, status.modified == modified else {
          throw WritingProblem.sourceChanged(path)
        }
      case .directory(let below):
        let directory = try Descriptor.directory(name, in: parent)
        for source in below { try source.checkUnchanged(in: directory.number) }
      }
    } catch let error as FileError where error.isMissing || error.code == ENOTDIR {
      throw WritingProblem.sourceChanged(path)
    }
  }
}
