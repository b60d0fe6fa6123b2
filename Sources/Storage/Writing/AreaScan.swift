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
  /// - Parameters:
  ///   - node: the writer's node is compared with this one, as ``WriterIdentity`` has it.
  ///   - aftermath: what will be there is told instead of what is.
  /// - Throws: ``FileError`` when the area cannot be read. What cannot be read in an item is its ``Obstacle``.
  package func items(
    of area: Area, node: String, after aftermath: Aftermath = Aftermath()
  ) throws(FileError) -> [ScannedItem] {
    guard let directory = try self.area(area, makes: false) else { return [] }
    var items: [ScannedItem] = []
    func add(_ name: FileName, in directory: Int32) {
      var measure = TreeMeasure(goneLinks: aftermath.goneLinks)
      measure.add(name, in: directory, place: place)
      let writer =
        area == .incomplete
        ? WriterIdentity.state(of: name, in: directory, node: node) : (state: .unknown, identity: nil)
      // It vanished.
      guard measure.modified > .distantPast || measure.obstacle != nil else { return }
      let item = AreaItem(
        name: name.text ?? "\(name)", size: measure.size, modified: measure.modified, writer: writer.state,
        obstacle: measure.obstacle)
      items.append(ScannedItem(item: item, writer: writer.identity, fileName: name))
    }
    for (name, _) in try names(in: directory.number) {
      if area == .trash, Remover.isOwn(name) { continue }
      if area == .incomplete, aftermath.completed.contains(name) { continue }
      add(name, in: directory.number)
    }
    try forEachArrival(of: aftermath, in: area) { (name, directory) throws(FileError) in
      add(name, in: directory)
    }
    return items.sorted { $0.fileName < $1.fileName }
  }
}
