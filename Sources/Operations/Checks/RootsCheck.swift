import Mail
import MariaDB
import VCLDatabase

/// Whether the roots of this node can be worked on.
enum RootsCheck {
  static func result(_ connection: Connection, _ site: Site) throws -> CheckResult {
    let all = try NodeRoots.read(connection, node: site.nodeName)
    let enabled = all.own.filter(\.root.isEnabled)
    guard !enabled.isEmpty else {
      return CheckResult(.roots, .ok, "this node has no directory under management")
    }
    let found = enabled.map { RootCheckReport.Checked($0, among: all) }
    let faults = found.flatMap { checked in
      checked.faults.map { "\(checked.root.record.name): \($0.message)" }
    }
    guard faults.isEmpty else {
      return CheckResult(
        .roots, .error,
        "roots of this node cannot be worked on; mend them, or leave them out with `expireimage root set NAME --disable`",
        details: faults)
    }
    let waiting = found.filter { !$0.warnings.isEmpty }.map(\.root.record.name)
    guard waiting.isEmpty else {
      return CheckResult(
        .roots, .warning, "an interrupted removal waits in trash/: `expireimage work` ends it",
        details: waiting.map { "root \($0)" })
    }
    return CheckResult(.roots, .ok, "\(DateWords.count(enabled.count, "root")) of this node")
  }
}
