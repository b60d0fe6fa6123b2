import Foundation

/// A line of a file as C and Perl programs see it: bytes up to the next line feed.
struct TextLine {
  /// Counts from 1.
  let number: Int
  let bytes: ArraySlice<UInt8>

  static func all(_ content: Data) -> [TextLine] {
    [UInt8](content).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated().map { TextLine(number: $0 + 1, bytes: $1) }
  }
}

extension UInt8 {
  /// White space of ASCII.
  var isBlank: Bool { self == 32 || (9...13).contains(self) }
}

extension ArraySlice<UInt8> {
  /// Without blanks at both ends.
  var trimmed: ArraySlice<UInt8> { drop(while: \.isBlank).trimmedAtEnd }

  var trimmedAtEnd: ArraySlice<UInt8> {
    self[..<(lastIndex { !$0.isBlank }.map { $0 + 1 } ?? startIndex)]
  }

  /// As UTF-8, where bytes that are none become replacement characters.
  var lossyText: String { String(decoding: self, as: UTF8.self) }

  /// The text of a value.
  ///
  /// - Throws: `SettingsError` for bytes that are no UTF-8.
  func text(_ source: SettingSource) throws(SettingsError) -> String {
    guard let text = String(validating: self, as: UTF8.self) else {
      throw SettingsError(source.description, "is not UTF-8; save the file as UTF-8")
    }
    return text
  }
}
