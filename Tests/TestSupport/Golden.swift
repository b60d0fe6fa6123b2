import Foundation

/// Texts that are what a file beside the tests shows, byte for byte.
package enum Golden {
  /// What is wrong with a text; nil: it is what its golden shows.
  ///
  /// With `EXPIREIMAGE_RECORD_GOLDENS=1` the golden is written anew, and that is wrong too, so that a run which records
  /// never passes for one that compared.
  ///
  /// - Parameters:
  ///   - name: of a file in the folder `Goldens` beside the test.
  ///   - test: the file of the test.
  package static func difference(_ text: String, from name: String, test: String = #filePath) throws
    -> String?
  {
    let file = URL(filePath: test).deletingLastPathComponent().appending(path: "Goldens/\(name)")
    guard ProcessInfo.processInfo.environment["EXPIREIMAGE_RECORD_GOLDENS"] == nil else {
      try Data(text.utf8).write(to: file)
      return "recorded \(name): read it, and run again without EXPIREIMAGE_RECORD_GOLDENS"
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    return text == expected
      ? nil : "\(name) differs; record it anew if the change is meant; now it is:\n\(text)"
  }
}
