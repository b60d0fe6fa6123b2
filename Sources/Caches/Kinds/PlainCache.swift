/// Whatever was filled by hand or by another program: a directory `<imagename>/`, a file `<imagename>`, or files
/// `<imagename>.<extension>`.
package struct PlainCache: ReclaimableCache {
  package static let name = "plain"
  package static let sentence =
    "A directory `<imagename>/`, a file `<imagename>`, or files `<imagename>.<extension>`."

  package init() {}

  package func imageIndex(
    of fileName: UnsafeBufferPointer<UInt8>, isDirectory: Bool, known: KnownNames
  ) -> Int? {
    if let index = known.index(of: fileName) { return index }
    return isDirectory ? nil : known.stemIndex(of: fileName)
  }
}

extension Layout {
  package static let plain = Layout(PlainCache())
}
