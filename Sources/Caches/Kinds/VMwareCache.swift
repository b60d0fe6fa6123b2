/// The directories of VCL's VMware module: `<imagename>/`; on a datastore perhaps by the shortened name of 29 characters.
package struct VMwareCache: ReclaimableCache {
  package static let name = "vmware"
  package static let sentence =
    "A directory `<imagename>/`, on a datastore perhaps by the name that VCL shortens to 29 characters."

  package init() {}

  package func imageName(of fileName: String, isDirectory: Bool, known: KnownNames) -> String? {
    guard isDirectory else { return nil }
    return known.contains(fileName) ? fileName : known.imageName(shortenedTo: fileName)
  }
}

extension Layout {
  package static let vmware = Layout(VMwareCache())
}
