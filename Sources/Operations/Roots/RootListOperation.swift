import MariaDB
import Storage
import VCLDatabase

/// Lists the roots of all nodes.
package struct RootListOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  package func json() throws -> String {
    let node = site.nodeName
    return try JSONOutput.text(["roots": read().map { JSONValue.object($0.members(ofNode: node)) }])
  }

  package func table(on screen: Screen = .file) throws -> String {
    let roots = try read()
    guard !roots.isEmpty else {
      return "There is no root; `expireimage root add` brings a directory under management."
    }
    return TextTable(
      header: ["Root", "Node", "Role", "Layout", "Limit", "TTL", "Prio", "On", "Path"],
      rows: roots.map { root in
        [
          root.name, root.node == site.nodeName ? "this" : root.node, root.role, root.layout,
          root.limitBytes.map { "\(ByteCount($0))" } ?? "-",
          root.timeToLive.map { "\($0)" } ?? "-", "\(root.priority)",
          root.isEnabled ? "yes" : "no", root.path,
        ]
      }
    ).text(on: screen)
  }

  private func read() throws -> [RootRecord] { try RootRecord.all(try site.connectReady()) }
}

extension RootRecord {
  /// Of its JSON object.
  func members(ofNode node: String) -> [String: JSONValue] {
    [
      "id": .number(id), "node": .text(self.node), "this_node": .truth(self.node == node),
      "name": .text(name),
      "path": .text(path), "role": .text(role), "layout": .text(layout),
      "limit_bytes": JSONValue(limitBytes.map(Int.init)),
      "ttl_seconds": JSONValue(timeToLiveSeconds.map(Int.init)), "stall_seconds": .number(Int(stallSeconds)),
      "priority": .number(priority), "enabled": .truth(isEnabled), "disks": JSONValue(diskPaths),
      "marker": .text(marker),
    ]
  }
}
