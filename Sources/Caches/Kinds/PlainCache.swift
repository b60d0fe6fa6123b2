/// Whatever was filled by hand or by another program: a directory `<imagename>/`, a file `<imagename>`, or files
/// `<imagename>.<extension>`.
package struct PlainCache: ReclaimableCache {
  package static let name = "plain"
  package static let sentence =
    "A directory `<imagename>/`, a file `<imagename>`, or files `<imagename>.<extension>`."

  package init() {}

  package func imageName(of fileName: String, isDirectory: Bool, known: KnownNames) -> String? {
    if known.contains(fileName) { return fileName }
    return isDirectory ? nil : known.stem(of: fileName)
  }
}

extension Layout {
  package static let plain = Layout(PlainCache())
}
