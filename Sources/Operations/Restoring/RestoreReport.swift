import Mail
import Retention
import VCLDatabase

/// What a call for restoring has done.
package struct RestoreReport {
  private struct Row {
    let revision: NamedRevision
    let keptUntil: Day?
    /// Nil: it is restored.
    let why: String?
  }

  private var rows: [Row] = []
  /// Names that are no revision, one line each.
  private let unknown: [String]

  init(problems: [String]) { unknown = problems }

  mutating func restored(_ revision: NamedRevision, keptUntil: Day?) {
    rows.append(Row(revision: revision, keptUntil: keptUntil, why: nil))
  }

  mutating func refused(_ revision: NamedRevision, _ why: String) {
    rows.append(Row(revision: revision, keptUntil: nil, why: why))
  }

  package var exitStatus: ExitStatus {
    if rows.allSatisfy({ $0.why == nil }), unknown.isEmpty { return .done }
    return rows.contains { $0.why == nil } ? .doneInPart : .failed
  }

  /// What was restored, one line each.
  package var lines: [String] {
    guard !rows.isEmpty || !unknown.isEmpty else {
      return ["nothing to do: none of them is flagged any more"]
    }
    return rows.filter { $0.why == nil }.map { row in
      "\(row.revision.title) is restored, and kept until \(row.keptUntil.map { "\($0)" } ?? "")"
    }
  }

  /// What was not, one line each.
  package var problems: [String] {
    unknown + rows.compactMap { row in row.why.map { "\(row.revision.title) \($0)" } }
  }

  package func json() throws -> String {
    let revisions = rows.map { row in
      JSONValue.object([
        "revision_id": .number(row.revision.id),
        "image": .text(HTMLEntities.decodedOnce(row.revision.image)),
        "revision": .number(row.revision.number), "restored": .truth(row.why == nil),
        "kept_until": JSONValue(row.keptUntil?.description), "why_not": JSONValue(row.why),
      ])
    }
    return try JSONOutput.text(["revisions": revisions])
  }
}
