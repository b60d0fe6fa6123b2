import Foundation

/// Reading files of this machine, with reasons people understand.
enum LocalFile {
  /// Why a file could not be read, in the system's words.
  struct Unreadable: Error {
    let reason: String
  }

  /// The whole file; pipes too.
  static func read(_ path: String) throws(Unreadable) -> Data {
    guard let file = fopen(path, "re") else { throw Unreadable(reason: String(cString: strerror(errno))) }
    defer { fclose(file) }
    var content = Data()
    var buffer = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      content.append(contentsOf: buffer[..<count])
      if ferror(file) != 0 { throw Unreadable(reason: String(cString: strerror(errno))) }
      if count == 0 { return content }
    }
  }

  /// Why a file cannot be read, found out without reading it; `nil` if it can.
  static func obstacle(to path: String) -> String? {
    var status = stat()
    if access(path, R_OK) != 0 || stat(path, &status) != 0 { return String(cString: strerror(errno)) }
    return status.st_mode & S_IFMT == S_IFDIR ? String(cString: strerror(EISDIR)) : nil
  }

  /// Whether it is a folder whose files can be found.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && access(path, R_OK | X_OK) == 0
  }

  /// Whether something is there, readable or not.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 || errno != ENOENT && errno != ENOTDIR
  }

  /// Whether every account of this machine may read the file.
  static func isReadableByAll(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IROTH != 0
  }

  /// Whether it is a file that every account of this machine may change.
  static func isWritableByAll(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IWOTH != 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
