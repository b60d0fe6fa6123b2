import Assets

extension Schema {
  /// One change of the schema, up and down; both can be run again after an interruption.
  package struct Migration: Sendable {
    package let version: Int
    package let name: String
    let up: String
    let down: String
    /// Those of our own tables, in their order, without those that a later migration drops.
    let columns: [Column]
  }

  /// A column of one of our tables, as a migration makes it.
  struct Column: Sendable {
    let table: String
    let name: String
    /// As it stands in the statement, without what follows on a second line.
    let definition: String
  }

  /// In ascending order; from the files `vNNN_name.up.sql` and `vNNN_name.down.sql`.
  package static let migrations: [Migration] = {
    let files = Assets.Schema.all.filter { $0.name.hasSuffix(".up.sql") }.sorted { $0.name < $1.name }
    let changes = files.map { ColumnChanges(in: $0.text) }
    let dropped = Set(changes.flatMap(\.dropped))
    return zip(files, changes).compactMap { file, changes in
      guard let version = Int(file.name.dropFirst().prefix(3)) else { return nil }
      let stem = file.name.dropLast(".up.sql".count)
      return Migration(
        version: version, name: String(stem), up: file.text,
        down: Assets.Schema.all.first { $0.name == "\(stem).down.sql" }?.text ?? "",
        columns: changes.added.filter { !dropped.contains("\($0.table).\($0.name)") })
    }
  }()
}

/// The columns of our tables that a migration adds and drops, read from its text, so that nothing has to be written
/// twice.
private struct ColumnChanges {
  private(set) var added: [Schema.Column] = []
  /// As `table.column`.
  private(set) var dropped: [String] = []

  private static let addition = "  ADD COLUMN IF NOT EXISTS "
  private static let removal: [Substring] = ["DROP", "COLUMN", "IF", "EXISTS"]

  init(in migration: String) {
    var table = ""
    for line in migration.split(separator: "\n") {
      let words = line.split(separator: " ")
      if !line.hasPrefix(" ") {
        let isTable = words.starts(with: ["CREATE", "TABLE"]) || words.starts(with: ["ALTER", "TABLE"])
        table = isTable ? words.last { $0 != "(" }.map(String.init) ?? "" : ""
      }
      guard table.hasPrefix("expireimage_"), line.hasPrefix("  ") else { continue }
      if words.starts(with: Self.removal), let column = words.dropFirst(Self.removal.count).first {
        dropped.append("\(table).\(column.filter { $0 != "," && $0 != ";" })")
        continue
      }
      var definition = line.dropFirst(line.hasPrefix(Self.addition) ? Self.addition.count : 2)
      guard definition.first?.isLowercase == true else { continue }
      if definition.hasSuffix(",") || definition.hasSuffix(";") { definition.removeLast() }
      added.append(
        Schema.Column(
          table: table, name: String(definition.prefix { $0 != " " }), definition: String(definition)))
    }
  }
}
