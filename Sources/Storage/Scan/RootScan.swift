import Caches
import Glibc

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
  ///   - aftermath: what will be there is read instead of what is.
  ///   - now: as it will be used then by being put in its place.
  /// - Throws: ``RootProblem`` when the directory itself cannot be read. What cannot be read in an entry is that
  ///   entry's ``Obstacle``.
  package init(
    _ root: RootDirectory, layout: Layout, known: KnownNames, measuresUnmanaged: Bool = true,
    after aftermath: Aftermath = Aftermath(), at now: FileTime = .distantPast
  ) throws(RootProblem) {
    var found = EntryCollection(known)
    var unmanaged: [UnmanagedItem] = []
    func add(_ name: UnsafePointer<CChar>, in directory: Int32, used: FileTime) {
      let bytes = UnsafeBufferPointer(
        start: UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self), count: strlen(name))
      if Area.isReserved(bytes) || strcmp(name, RootMarker.fileName) == 0 { return }
      guard let status = Self.status(of: name, in: directory) else { return }
      var image: Int?
      if status.kind == .directory || status.kind == .regular {
        image = layout.imageIndex(of: bytes, isDirectory: status.kind == .directory, known: known)
        // What is no text is nobody's.
        if image != nil, !isText(bytes) { image = nil }
      }
      var measure = TreeMeasure(goneLinks: aftermath.goneLinks)
      if measuresUnmanaged || image != nil || status.kind != .directory {
        measure.add(name, status, in: directory, place: root.place)
      } else {
        measure.add(status)
      }
      measure.noteUse(at: used)
      if let image {
        found.add(bytes, of: image, measure)
      } else {
        unmanaged.append(UnmanagedItem(name: FileName(name), size: measure.size))
      }
    }
    do throws(FileError) {
      try forEachName(in: root.number) { (name, _) throws(FileError) in
        add(name, in: root.number, used: .distantPast)
      }
      try root.forEachArrival(of: aftermath, in: nil) { (name, directory) throws(FileError) in
        name.withPointer { add($0, in: directory, used: now) }
      }
    } catch {
      throw RootProblem(error, path: root.path)
    }
    found.sort()
    entries = found.entries
    self.unmanaged = unmanaged.sorted { $0.name < $1.name }
  }

  /// Nil for a name that vanished.
  private static func status(of name: UnsafePointer<CChar>, in directory: Int32) -> FileStatus? {
    try? FileStatus(name, in: directory)
  }
}
