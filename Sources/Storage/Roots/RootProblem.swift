import Glibc

/// Why a directory cannot be used as a root, in one line that says what to do.
package enum RootProblem: Error, Hashable, CustomStringConvertible {
  case missing(path: String)
  case notADirectory(path: String)
  case symbolicLink(path: String)
  case unmarked(path: String)
  /// The marker is there and is not what `root add` writes.
  case unreadableMarker(path: String, reason: String)
  /// The marker is another root's.
  case foreignMarker(path: String, expected: RootMarker, found: RootMarker)
  /// `root add` found a marker.
  case alreadyMarked(path: String, RootMarker)
  /// `root add` found something in a directory of a name that this program uses, and which it would remove some day.
  case occupied(path: String, name: String)
  /// Something that is no directory has a name that this program uses.
  case noArea(path: String, name: String)
  case readOnly(path: String)
  case noPermission(path: String, reason: String)
  /// One directory under two names.
  case identical(path: String, root: String)
  /// Below another root, or above it.
  case nested(path: String, root: String)
  /// What was opened is not what is there now: unmounted, replaced, or its marker taken away.
  case changed(path: String, reason: String)
  /// Another process removes entries of this root.
  case busy(path: String)
  case failed(path: String, FileError)

  /// The stable code in every output.
  package var code: String {
    switch self {
    case .missing: "missing"
    case .notADirectory: "not_a_directory"
    case .symbolicLink: "symbolic_link"
    case .unmarked: "unmarked"
    case .unreadableMarker: "unreadable_marker"
    case .foreignMarker: "foreign_marker"
    case .alreadyMarked: "already_marked"
    case .occupied: "occupied"
    case .noArea: "no_area"
    case .readOnly: "read_only"
    case .noPermission: "no_permission"
    case .identical: "identical"
    case .nested: "nested"
    case .changed: "changed"
    case .busy: "busy"
    case .failed: "failed"
    }
  }

  /// What is the case, where that is known without what to do.
  package var fact: String {
    switch self {
    case .missing(let path): "\(path) does not exist"
    case .notADirectory(let path): "\(path) is not a directory"
    case .symbolicLink(let path): "\(path) is a symbolic link"
    case .unmarked(let path): "\(path) has no marker file \(RootMarker.fileName)"
    case .foreignMarker(let path, let expected, let found):
      "\(path) is marked as root \(found.id), not \(expected.id)"
    case .changed(let path, let reason): "\(path) changed while it was worked on (\(reason))"
    default: description
    }
  }

  package var description: String {
    switch self {
    case .missing(let path): "\(path) does not exist; is its file system mounted?"
    case .notADirectory(let path): "\(path) is not a directory"
    case .symbolicLink(let path): "\(path) is a symbolic link; name the directory that it leads to"
    case .unmarked(let path):
      "\(path) has no marker file \(RootMarker.fileName); is its file system mounted? Otherwise take it out with `expireimage root remove` and add it again"
    case .unreadableMarker(let path, let reason):
      "\(path)/\(RootMarker.fileName) cannot be read (\(reason)); nothing is deleted there"
    case .foreignMarker(let path, let expected, let found):
      "\(path) is marked as root \(found.id), not \(expected.id); is the right file system mounted?"
    case .alreadyMarked(let path, let marker): "\(path) is a root already, with the id \(marker.id)"
    case .occupied(let path, let name):
      "\(path)/\(name) is there already and is not empty; expireimage uses a directory of that name itself, so move"
        + " it away first"
    case .noArea(let path, let name):
      "\(path)/\(name) is no directory, as a symbolic link or a file is none; expireimage uses a directory of that name"
        + " itself, so move away what is there"
    case .readOnly(let path): "\(path) is on a file system that is mounted read-only"
    case .noPermission(let path, let reason):
      "\(path) cannot be used by this account (\(reason)); it must own it, or be allowed to write"
    case .identical(let path, let root): "\(path) is the same directory as root \(root)"
    case .nested(let path, let root): "\(path) and root \(root) lie one in the other; roots must not"
    case .changed(let path, let reason): "\(path) changed while it was worked on (\(reason)); stopped"
    case .busy(let path): "another process removes entries of \(path); wait for its end"
    case .failed(let path, let error): "\(path): \(error)"
    }
  }

  /// What a failed call means for the root at that path.
  init(_ error: FileError, path: String) {
    self =
      switch error.code {
      case ENOENT: .missing(path: path)
      case ENOTDIR: .notADirectory(path: path)
      case EACCES, EPERM: .noPermission(path: path, reason: error.reason)
      case EROFS: .readOnly(path: path)
      default: .failed(path: path, error)
      }
  }
}
