/// The directories of VCL's VMware module: `<imagename>/`; on a datastore perhaps by the shortened name of 29 characters.
///
/// Disks of machines may lie beside them, and are made on top of them.
package struct VMwareCache: ReclaimableCache {
  package static let name = "vmware"
  package static let sentence =
    "A directory `<imagename>/`, on a datastore perhaps by the name that VCL shortens to 29 characters."

  package init() {}

  package var holdsDisks: Bool { true }

  package func imageIndex(
    of fileName: UnsafeBufferPointer<UInt8>, isDirectory: Bool, known: KnownNames
  ) -> Int? {
    guard isDirectory else { return nil }
    return known.index(of: fileName) ?? known.index(shortenedTo: fileName)
  }
}

extension Layout {
  package static let vmware = Layout(VMwareCache())
}
