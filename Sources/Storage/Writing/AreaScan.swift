import Caches

/// An item of an area as a scan found it.
package struct ScannedItem: Sendable, Hashable {
  package let item: AreaItem
  package let writer: WriterIdentity?
  package let fileName: FileName
}

extension RootDirectory {
  /// What is in one of the areas, by name; nothing when the area is not there. What `trash/` needs for itself is left out.
  ///
  /// - Parameter node: the writer's node is compared with this one, as ``WriterIdentity`` has it.
  /// - Throws: ``FileError`` when the area cannot be read. What cannot be read in an item is its ``Obstacle``.
  package func items(of area: Area, node: String) throws(FileError) -> [ScannedItem] {
    guard let directory = try self.area(area, makes: false) else { return [] }
    var items: [ScannedItem] = []
    for (name, _) in try names(in: directory.number).sorted(by: { $0.name < $1.name })
    where area != .trash || !Remover.isOwn(name) {
      var measure = TreeMeasure()
      measure.add(name, in: directory.number, place: place)
      let writer =
        area == .incomplete
        ? WriterIdentity.state(of: name, in: directory.number, node: node) : (state: .unknown, identity: nil)
      // It vanished.
      guard measure.modified > .distantPast || measure.obstacle != nil else { continue }
      let item = AreaItem(
        name: name.text ?? "\(name)", size: measure.size, modified: measure.modified, writer: writer.state,
        obstacle: measure.obstacle)
      items.append(ScannedItem(item: item, writer: writer.identity, fileName: name))
    }
    return items
  }
}
