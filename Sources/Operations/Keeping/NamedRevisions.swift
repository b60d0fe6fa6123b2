import Mail
import MariaDB
import Retention
import VCLDatabase

extension NamedRevision {
  /// For a person: `revision 7 (Statistics, revision 1)`.
  var title: String {
    "revision \(id) (\(PlainLine.of(HTMLEntities.decodedOnce(image))), revision \(number))"
  }
}

/// The revisions that one call names, and what is wrong with them, one line each.
struct NamedRevisions {
  private(set) var found: [NamedRevision] = []
  private(set) var problems: [String] = []

  /// Each revision once, in the order in which they are named.
  init(_ connection: Connection, _ names: [String]) throws {
    for name in names {
      do {
        let revision = try NamedRevision.find(connection, name)
        if !found.contains(where: { $0.id == revision.id }) { found.append(revision) }
      } catch let error as TargetError {
        problems.append("\(error)")
      }
    }
  }

  /// Notes what a check finds wrong with each revision.
  mutating func check(_ problem: (NamedRevision) throws -> String?) rethrows {
    problems += try found.compactMap(problem)
  }

  /// Notes what is wrong with all of them.
  mutating func note(_ problem: String) { problems.append(problem) }

  /// - Throws: ``Failure`` with a line for each problem; the call is done for all of its revisions or for none.
  func requireAll() throws {
    guard problems.isEmpty else { throw Failure(lines: problems, .failed) }
  }
}
