/// A file that holds one password.
enum SecretFile {
  /// What is wrong with it and what to do, in words that follow its name; they repeat nothing of the file.
  struct Problem: Error {
    let words: String

    static let severalLines = Problem(words: "must hold one line; put the password in it and nothing else")
  }

  /// Its one line without the line's end; empty for an empty file.
  static func read(_ path: String) throws(Problem) -> String {
    let content: String?
    do {
      content = String(bytes: try LocalFile.read(path), encoding: .utf8)
    } catch {
      throw Problem(words: "cannot be read: \(error.reason); correct its permissions")
    }
    guard let content else { throw Problem(words: "is not a text file; put the password in it") }
    let lines = content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.dropFirst().allSatisfy(\.isEmpty), lines.count <= 2 else { throw .severalLines }
    let password = String(lines[0])
    guard SettingKind.secret.problem(with: password) == nil else {
      throw Problem(words: "has a control character in it; remove it")
    }
    return password
  }
}
