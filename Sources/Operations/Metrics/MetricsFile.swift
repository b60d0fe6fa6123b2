import Foundation

/// The file that the node exporter's textfile collector reads: it is never seen half written.
struct MetricsFile {
  let path: String

  /// Why it could not be written, in the system's words.
  struct Unwritable: Error {
    let reason: String

    /// What to do.
    var advice: String {
      switch reason {
      case SystemWrite.words(ENOSPC), SystemWrite.words(EDQUOT), SystemWrite.words(EFBIG): "make room there"
      case SystemWrite.words(EACCES), SystemWrite.words(EPERM), SystemWrite.words(EROFS):
        "let the account and the unit of the run write to that folder"
      default: "correct --metrics"
      }
    }
  }

  /// Takes the file's place in one step, readable by all. What was there stays when that fails, and nothing is left
  /// beside it.
  func write(_ text: String) throws(Unwritable) {
    // A device or a pipe would be replaced by a file.
    if isRegular == false { throw Unwritable(reason: "it is there, and no regular file") }
    let folder = path.contains("/") ? String(path[..<path.lastIndex(of: "/")!]) + "/" : "./"
    // The collector reads what ends with .prom; this does not.
    var template = Array("\(folder).expireimage-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Unwritable(reason: SystemWrite.lastError) }
    let reason = fill(descriptor, text) ?? (rename(template, path) == 0 ? nil : SystemWrite.lastError)
    if let reason {
      unlink(template)
      throw Unwritable(reason: reason)
    }
    synchronize(folder: folder)
  }

  /// Whether it is a file as others are; nil: there is none.
  private var isRegular: Bool? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT == S_IFREG : nil
  }

  /// - Returns: why not; nil: all of it is on the disk.
  private func fill(_ descriptor: Int32, _ text: String) -> String? {
    var reason = SystemWrite.all(Array(text.utf8), to: descriptor)
    if reason == nil, fchmod(descriptor, 0o644) != 0 || fsync(descriptor) != 0 {
      reason = SystemWrite.lastError
    }
    if close(descriptor) != 0, reason == nil { reason = SystemWrite.lastError }
    return reason
  }

  /// The new name is on the disk, too. Not every file system can do that, and the file is whole in any case.
  private func synchronize(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  /// The times of earlier runs that it tells; unknown where there is no such file.
  var times: LastRunTimes {
    // A pipe would be waited for.
    guard isRegular == true, let file = try? FileHandle(forReadingFrom: URL(filePath: path)),
      let data = try? file.read(upToCount: 1 << 20)
    else { return .unknown }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    func value(_ metric: Metric) -> Double? {
      lines.lazy.compactMap { line in
        let words = line.split(separator: " ")
        return words.count == 2 && words[0] == metric.rawValue ? Double(words[1]) : nil
      }.first { $0.isFinite && $0 > 0 }
    }
    return LastRunTimes(success: value(.lastSuccess), completed: value(.lastCompleted))
  }
}
