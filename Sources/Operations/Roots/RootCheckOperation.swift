import Mail
import MariaDB
import Storage
import VCLDatabase

/// Looks whether the roots of this node can be worked on; changes nothing.
package struct RootCheckOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// - Parameter root: only this one; nil: all of this node.
  package func check(root name: String? = nil) throws -> RootCheckReport {
    let roots = try NodeRoots.read(try site.connectReady(), node: site.nodeName)
    let wanted = try name.map { [try roots.named($0)] } ?? roots.own
    return RootCheckReport(
      node: site.nodeName, roots: wanted.map { RootCheckReport.Checked($0, among: roots) })
  }
}

/// What is wrong with roots, if anything.
package struct RootCheckReport {
  let node: String
  let roots: [Checked]

  struct Checked {
    let root: ManagedRoot
    /// Nil: not known.
    var freeBytes: Int64?
    var faults: [(code: String, message: String)] = []
    /// What hinders nothing, but wants to be ended.
    var warnings: [(code: String, message: String)] = []

    init(_ root: ManagedRoot, among all: NodeRoots) {
      self.root = root
      do throws(RootProblem) {
        let directory = try root.directory.get()
        freeBytes = try directory.freeBytes()
        try directory.verify()
        var others: [String: RootDirectory] = [:]
        for other in all.own where other.record.id != root.record.id {
          others[other.record.name] = try? other.directory.get()
        }
        try directory.checkApart(from: others)
        try directory.checkWritable()
        // Who may not look into trash/ cannot end it either.
        if case .waiting? = try? directory.interrupted() {
          warnings.append(
            ("interrupted_removal", "an interrupted removal waits in trash/: `expireimage work` ends it"))
        }
      } catch {
        faults.append((error.code, root.advice(error)))
      }
      for path in root.record.diskPaths {
        guard let fault = diskDirectoryFault(path) else { continue }
        let effect = root.root.isEnabled ? "; nothing of this node is removed" : ""
        faults.append(("disks_missing", "\(path), where its virtual disks lie, \(fault)\(effect)"))
      }
    }
  }

  package var exitStatus: ExitStatus { roots.allSatisfy(\.faults.isEmpty) ? .done : .failed }

  package func json() throws -> String {
    try JSONOutput.text([
      "roots": roots.map { checked in
        JSONValue.object(
          checked.root.record.members(ofNode: node).merging([
            "ok": .truth(checked.faults.isEmpty), "free_bytes": JSONValue(checked.freeBytes.map(Int.init)),
            "faults": Self.json(checked.faults),
            "warnings": Self.json(checked.warnings),
          ]) { $1 })
      }
    ])
  }

  private static func json(_ lines: [(code: String, message: String)]) -> JSONValue {
    .list(lines.map { .object(["code": .text($0.code), "message": .text($0.message)]) })
  }

  package func text(on screen: Screen = .file) -> String {
    guard !roots.isEmpty else { return "This node has no root; `expireimage root add`." }
    return roots.map { checked in
      let record = checked.root.record
      let (word, style): (String, Style) =
        !checked.faults.isEmpty
        ? ("error", .red) : checked.warnings.isEmpty ? ("ok", .green) : ("warning", .yellow)
      let label = screen.styled(word, style)
      let blanks = String(repeating: " ", count: max(1, 7 - word.count))
      let free = checked.freeBytes.map { ", \(ByteCount($0)) free" } ?? ""
      let head =
        "\(label)\(blanks)\(record.name): \(PlainLine.of(record.path))\(free)"
        + (record.isEnabled ? "" : ", disabled")
      return ([head] + (checked.faults + checked.warnings).map { "       \(PlainLine.of($0.message))" })
        .joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
