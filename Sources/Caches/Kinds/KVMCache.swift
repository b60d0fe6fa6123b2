/// The files of VCL's KVM module: `<imagename>.<type>` and `<imagename>.xml`.
///
/// Disks of running machines lie beside them, and are made on top of them.
package struct KVMCache: ReclaimableCache {
  package static let name = "kvm"
  package static let sentence =
    "Files `<imagename>.<type>` and `<imagename>.xml`. Disks of running machines may lie beside them."

  package init() {}

  package var holdsDisks: Bool { true }

  package func imageIndex(
    of fileName: UnsafeBufferPointer<UInt8>, isDirectory: Bool, known: KnownNames
  ) -> Int? {
    isDirectory ? nil : known.stemIndex(of: fileName)
  }
}

extension Layout {
  package static let kvm = Layout(KVMCache())
}
