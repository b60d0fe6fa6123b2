/// Why an entry cannot be written, in one line that says what to do.
package enum WritingProblem: Error, Hashable, CustomStringConvertible {
  /// No file can have this name, or it is an area's.
  case impossibleName(String)
  /// The root has something of that name.
  case exists(String)
  /// `incomplete/` has that name: somebody writes it, or did.
  case beingWritten(name: String, WriterIdentity?, isAlive: Bool)
  /// Neither a file nor a directory of files and directories.
  case unsupportedSource(String)
  case sourceChanged(String)
  /// Somebody took the unfinished entry away.
  case lost(String)

  /// The stable code in every output.
  package var code: String {
    switch self {
    case .impossibleName: "impossible_name"
    case .exists: "exists"
    case .beingWritten: "being_written"
    case .unsupportedSource: "unsupported_source"
    case .sourceChanged: "source_changed"
    case .lost: "lost"
    }
  }

  package var description: String {
    switch self {
    case .impossibleName(let name): "\(FileName(name)) cannot be the name of an entry"
    case .exists(let name): "\(FileName(name)) is there already; remove it first"
    case .beingWritten(let name, let writer, isAlive: true):
      "\(FileName(name)) is being written\(writer.map { " by \($0)" } ?? ""); wait for its end"
    case .beingWritten(let name, let writer, isAlive: false):
      "an unfinished \(FileName(name))\(writer.map { " of \($0)" } ?? "") is left in incomplete/; clean it up first"
    case .unsupportedSource(let path):
      "\(FileName(path)) is neither a file nor a directory, and is not copied"
    case .sourceChanged(let path):
      "\(FileName(path)) was changed while it was copied; try again when nobody writes it"
    case .lost(let name): "the unfinished \(FileName(name)) was taken away while it was written"
    }
  }
}
