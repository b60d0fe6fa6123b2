import Caches
import Glibc

/// Who writes an incomplete entry: what the file `writer` beside it holds, for as long as the entry is incomplete.
package struct WriterIdentity: Sendable, Hashable, CustomStringConvertible {
  /// Host and process namespace.
  package let node: String
  package let pid: Int
  /// Clock ticks after boot.
  package let processStart: Int
  package let bootID: String

  /// - Parameter node: on one line.
  package init(node: String, pid: Int, processStart: Int, bootID: String) {
    self.node = node
    self.pid = pid
    self.processStart = processStart
    self.bootID = bootID
  }

  package var description: String { "process \(pid) on \(node)" }

  var text: String {
    "node = \(node)\npid = \(pid)\nprocess_start = \(processStart)\nboot_id = \(bootID)\n"
  }

  /// Nil for a text that ``text`` did not write, a part of one too.
  init?(text: String) {
    let values = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.split(separator: " = ", maxSplits: 1, omittingEmptySubsequences: false).last.map(String.init) ?? ""
    }
    guard values.count == 5, values[4].isEmpty, let pid = Int(values[1]), let start = Int(values[2]) else {
      return nil
    }
    self.init(node: values[0], pid: pid, processStart: start, bootID: values[3])
  }

  static let fileName = FileName("writer")

  /// What is known of the writer of an item of `incomplete/`.
  ///
  /// The writer holds a lock on its file for as long as it lives. A lock that nobody holds proves its death on the node
  /// that it ran on; another node may be one whose locks are not seen here.
  static func state(
    of item: FileName, in incomplete: Int32, node: String
  ) -> (state: WriterState, identity: WriterIdentity?) {
    do throws(FileError) {
      let directory = try Descriptor.directory(item, in: incomplete)
      let file = try Descriptor.file(fileName, in: directory.number)
      guard try FileStatus(of: file.number).kind == .regular else { return (.unknown, nil) }
      let bytes = try file.contents(atMost: 4096, of: fileName)
      let identity = WriterIdentity(text: String(decoding: bytes, as: UTF8.self))
      // The lock comes before the text: without a text it may be about to come.
      if flock(file.number, LOCK_SH | LOCK_NB) != 0 {
        return (errno == EWOULDBLOCK ? .alive : .unknown, identity)
      }
      return (identity?.node == node ? .dead : .unknown, identity)
    } catch {
      return (.unknown, nil)
    }
  }
}
