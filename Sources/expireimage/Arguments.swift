import Foundation
import Operations

/// The words of the command line as the system passes them: any bytes but zero.
enum Arguments {
  /// Ends the program where one of them is not UTF-8: as text it would be another name, of another file or image.
  static func requireText() {
    let wrong = words.enumerated().filter { String(validating: $1, as: UTF8.self) == nil }
    guard !wrong.isEmpty else { return }
    let list = wrong.map { "\($0 + 1) (\(shown($1)))" }.joined(separator: ", ")
    let subject = wrong.count == 1 ? "argument \(list) is" : "arguments \(list) are"
    Output.complain("\(subject) not UTF-8; give names and paths that are, and rename what has another name")
    exit(ExitStatus.wrongCommandLine.rawValue)
  }

  /// Those after the program's name.
  private static var words: [[UInt8]] {
    let all = UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    return all.dropFirst().compactMap { word in
      word.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }
  }

  /// On one line: what is not printable ASCII is written as `\xNN`.
  private static func shown(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      switch byte {
      case UInt8(ascii: "\\"): "\\\\"
      case 0x20..<0x7F: String(UnicodeScalar(byte))
      default: "\\x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
      }
    }.joined()
  }
}
