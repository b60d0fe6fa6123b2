import Caches
import Mail
import Storage
import VCLDatabase

/// Lists what lies in the roots of this node, with its size, its last use, and who needs it.
package struct CacheListOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// - Parameter root: only this one; nil: every root of this node.
  package func list(
    root name: String? = nil, _ progress: Progress = .silent
  ) throws -> CacheList {
    let connection = try site.connectReady()
    let clock = try Clock.read(connection)
    let all = try NodeRoots.read(connection, node: site.nodeName)
    let roots = try name.map { [try all.named($0)] } ?? all.own
    progress.phase(.readRoots)
    let reading = try NodeReading(connection, all, roots: roots, clock: clock, measuresUnmanaged: true)
    return CacheList(
      roots: roots.map { CacheList.Contents($0, reading) }, clock: clock, files: reading.reasons.files,
      warnings: all.missingDiskDirectories + reading.reasons.backing.problems)
  }
}

/// What lies in roots.
package struct CacheList {
  let roots: [Contents]
  let clock: Clock
  let files: ImageFiles
  /// What keeps anything from being removed, one line each.
  package let warnings: [String]

  struct Contents {
    let root: ManagedRoot
    /// Why it cannot be read; nil: it was.
    var problem: String?
    var entries: [CacheEntry] = []
    var unmanaged: [UnmanagedItem] = []
    var areas: [Area: [AreaItem]] = [:]

    init(_ root: ManagedRoot, _ reading: NodeReading) {
      self.root = root
      do {
        let contents = try reading.contents(of: root)
        entries = contents.entries.map(\.entry)
        unmanaged = contents.unmanaged
        for area in Area.allCases {
          areas[area] = try root.directory.get().items(of: area, node: ProcessIdentity.own.node).map(\.item)
        }
      } catch {
        problem = "\(error)"
      }
    }

    var size: EntrySize { entries.map(\.size).total() }
  }

  /// 2: a root could not be read.
  package var exitStatus: ExitStatus { problems.isEmpty ? .done : .doneInPart }

  /// Roots that could not be read, one line each.
  package var problems: [String] {
    roots.compactMap { contents in contents.problem.map { "root \(contents.root.record.name): \($0)" } }
  }
}

// MARK: - JSON

extension CacheList {
  /// - Parameter unmanaged: also the names of no image.
  package func json(unmanaged: Bool) throws -> String {
    var members: [String: JSONValue] = [
      "entries": .list(roots.flatMap { contents in contents.entries.map { json($0, contents) } }),
      "roots": .list(roots.map(\.json)), "warnings": JSONValue(warnings),
    ]
    if unmanaged {
      members["unmanaged"] = .list(
        roots.flatMap { contents in
          contents.unmanaged.map { item in
            JSONValue.object(
              ["root": .text(contents.root.record.name), "name": .text("\(item.name)")].merging(
                item.size.members
              ) { $1 })
          }
        })
    }
    return try JSONOutput.text(JSONValue.object(members))
  }

  private func json(_ entry: CacheEntry, _ contents: Contents) -> JSONValue {
    .object(
      [
        "root": .text(contents.root.record.name), "name": .text(entry.name),
        "revision_ids": .list((files.facts[entry.name]?.revisionIDs ?? []).sorted().map { .number($0) }),
        "last_used": JSONValue(clock.text(entry.lastUsed)), "in_use": JSONValue(entry.inUse?.rawValue),
        "in_use_by": JSONValue(entry.inUse?.sentence), "obstacle": JSONValue(entry.obstacle?.rawValue),
      ].merging(entry.size.members) { $1 })
  }
}

extension EntrySize {
  fileprivate var members: [String: JSONValue] {
    [
      "files": .number(files), "bytes": .number(Int(apparentBytes)),
      "allocated_bytes": .number(Int(allocatedBytes)), "freed_bytes": .number(Int(freedBytes)),
    ]
  }
}

extension CacheList.Contents {
  fileprivate var json: JSONValue {
    let record = root.record
    func area(_ area: Area) -> JSONValue {
      count(areas[area]?.count, (areas[area] ?? []).map(\.size).total())
    }
    func count(_ items: Int?, _ size: EntrySize) -> JSONValue {
      .object(size.members.merging(["items": .number(items ?? 0)]) { $1 })
    }
    return .object(
      [
        "name": .text(record.name), "path": .text(record.path), "role": .text(record.role),
        "layout": .text(record.layout), "enabled": .truth(record.isEnabled),
        "limit_bytes": JSONValue(record.limitBytes.map(Int.init)), "entries": .number(entries.count),
        "in_use": .number(entries.count { $0.inUse != nil }), "incomplete": area(.incomplete),
        "invalid": area(.invalid), "queue": area(.queue), "trash": area(.trash),
        "unmanaged": count(unmanaged.count, unmanaged.map(\.size).total()), "problem": JSONValue(problem),
      ].merging(size.members) { $1 })
  }
}

// MARK: - Text

extension CacheList {
  package func text(unmanaged: Bool, on screen: Screen = .file) -> String {
    guard !roots.isEmpty else { return "This node has no root; `expireimage root add`." }
    return roots.map { text($0, unmanaged: unmanaged, on: screen) }.joined(separator: "\n\n")
  }

  private func text(_ contents: Contents, unmanaged: Bool, on screen: Screen) -> String {
    let record = contents.root.record
    let limit = record.limitBytes.map { " of \(ByteCount($0))" } ?? ""
    var lines = [
      screen.styled("\(record.name)", .bold)
        + ": \(DateWords.count(contents.entries.count, "revision")), \(ByteCount(contents.size.apparentBytes))\(limit);"
        + " \(ByteCount(contents.size.allocatedBytes)) on disk" + (record.isEnabled ? "" : "; disabled")
    ]
    let beside = Area.allCases.compactMap { area -> String? in
      guard let items = contents.areas[area], !items.isEmpty else { return nil }
      return "\(area.rawValue)/ \(items.count) (\(ByteCount(items.map(\.size).total().allocatedBytes)))"
    }
    let other = contents.unmanaged.isEmpty ? [] : ["unmanaged \(contents.unmanaged.count)"]
    if !(beside + other).isEmpty { lines.append("  " + (beside + other).joined(separator: ", ")) }
    if !contents.entries.isEmpty {
      lines.append(
        TextTable(
          header: ["Image", "Size", "On disk", "Frees", "Last used", "In use"],
          rows: contents.entries.map { entry in
            [
              entry.name, "\(ByteCount(entry.size.apparentBytes))", "\(ByteCount(entry.size.allocatedBytes))",
              "\(ByteCount(entry.size.freedBytes))",
              clock.text(entry.lastUsed).map { String($0.prefix(10)) } ?? "",
              entry.protection?.code ?? "",
            ]
          }
        ).text(on: screen))
    }
    if unmanaged, !contents.unmanaged.isEmpty {
      lines.append(
        TextTable(
          header: ["Unmanaged", "Size"],
          rows: contents.unmanaged.map { ["\($0.name)", "\(ByteCount($0.size.apparentBytes))"] }
        ).text(on: screen))
    }
    return lines.joined(separator: "\n")
  }
}
