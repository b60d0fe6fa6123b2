import Caches
import Glibc
import Storage
import Synchronization

// Does one thing to a root, and ends itself by SIGKILL after so many changes: what the tests of crash safety start.
//
// StorageCrashProgram remove|finish|write <root> <ledger> <changes>
// `write` copies the directory `source` beside the ledger.

/// Counts down to the end of this process.
final class Countdown: Sendable {
  private let left: Mutex<Int>

  init(_ changes: Int) { left = Mutex(changes) }

  var changes: Changes {
    Changes(after: { _ in
      let isLast = self.left.withLock {
        $0 -= 1
        return $0 == 0
      }
      if isLast { raise(SIGKILL) }
    })
  }
}

/// Appends one line to the ledger, on the disk when this returns.
func record(_ record: RemovalRecord, in ledger: String) {
  let total = record.total
  let line =
    "\(record.id) \(total.files) \(total.apparentBytes) \(total.allocatedBytes) \(total.freedBytes)\n"
  let file = open(ledger, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
  guard file >= 0, write(file, line, line.utf8.count) == line.utf8.count, fsync(file) == 0 else {
    fatalError("cannot write \(ledger)")
  }
  close(file)
}

let arguments = CommandLine.arguments
guard arguments.count == 5, let count = Int(arguments[4]) else { fatalError("wrong arguments") }
let root = try RootDirectory.open(path: arguments[2], expecting: nil, changes: Countdown(count).changes)
_ = try IncompleteEntry.finishReady(in: root, node: "here")
let remover = try Remover(root) { record($0, in: arguments[3]) }
_ = try remover.finishInterrupted()
if arguments[1] == "remove" {
  // What is known goes, and comes back if its name says so.
  let known = KnownNames(["go-v1", "go-v2", "go-v3", "back-v1", "back-v2"])
  let scan = try RootScan(root, layout: .plain, known: known)
  _ = try remover.remove(scan.entries.map { RemovalCandidate($0) }, batchSize: 3) { batch in
    Dictionary(
      batch.candidates.filter { $0.name.hasPrefix("back") }.map { ($0.name, "reservation") },
      uniquingKeysWith: { first, _ in first })
  }
}
if arguments[1] == "write" {
  let source =
    arguments[3].split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    + "/source"
  let writer = WriterIdentity(node: "here", pid: Int(getpid()), processStart: 1, bootID: "x")
  let directory = try IncompleteEntry("new-v1", in: root, writer: writer)
  _ = try directory.copy(from: source, as: "new-v1")
  try directory.complete()
  let flat = try IncompleteEntry("flat-v1", in: root, writer: writer)
  _ = try flat.copy(from: source + "/disk", as: "flat-v1.qcow2")
  _ = try flat.copy(from: source + "/index", as: "flat-v1.xml")
  try flat.complete()
}
