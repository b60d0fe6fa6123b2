import Caches

/// A name in a root that no known image has: shown and counted, never removed.
package struct UnmanagedItem: Sendable, Hashable {
  package let name: FileName
  package let size: EntrySize
}

/// What is in a root.
package struct RootScan: Sendable {
  /// By name.
  package let entries: [ScannedEntry]
  /// By name; without the marker and the areas.
  package let unmanaged: [UnmanagedItem]

  /// Reads a root's directory: one call a file, nothing is followed and nothing changed.
  ///
  /// - Parameters:
  ///   - known: every image name of VCL's database.
  ///   - measuresUnmanaged: looks into the directories of unmanaged names too, to tell their size.
  /// - Throws: ``RootProblem`` when the directory itself cannot be read. What cannot be read in an entry is that
  ///   entry's ``Obstacle``.
  package init(
    _ root: RootDirectory, layout: Layout, known: KnownNames, measuresUnmanaged: Bool = true
  ) throws(RootProblem) {
    var found = EntryCollection()
    var unmanaged: [UnmanagedItem] = []
    do throws(FileError) {
      try forEachName(in: root.number) { (name, _) throws(FileError) in
        guard let status = Self.status(of: name, in: root.number) else { return }
        let text = String(validatingCString: name)
        if let text, text == RootMarker.fileName || Area.isReserved(text) { return }
        var image: String?
        if let text, status.kind == .directory || status.kind == .regular {
          image = layout.imageName(of: text, isDirectory: status.kind == .directory, known: known)
        }
        guard let image, let text else {
          let size = Self.measure(name, status, root, enters: measuresUnmanaged).size
          unmanaged.append(UnmanagedItem(name: FileName(name), size: size))
          return
        }
        found.add(text, of: image) { $0.add(name, status, in: root.number, place: root.place) }
      }
    } catch {
      throw RootProblem(error, path: root.path)
    }
    entries = found.entries()
    self.unmanaged = unmanaged.sorted { $0.name < $1.name }
  }

  /// Nil for a name that vanished.
  private static func status(of name: UnsafePointer<CChar>, in directory: Int32) -> FileStatus? {
    try? FileStatus(name, in: directory)
  }

  private static func measure(
    _ name: UnsafePointer<CChar>, _ status: FileStatus, _ root: RootDirectory, enters: Bool
  ) -> TreeMeasure {
    var measure = TreeMeasure()
    if enters || status.kind != .directory {
      measure.add(name, status, in: root.number, place: root.place)
    } else {
      measure.add(status)
    }
    return measure
  }
}
