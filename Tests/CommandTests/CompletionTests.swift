import Foundation
import TestSupport
import Testing

@Suite("Completion scripts")
struct CompletionTests {
  static func isInstalled(_ shell: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\(shell)")
  }

  private func script(_ shell: String) throws -> String {
    let call = try CommandSite.call(["--generate-completion-script", shell])
    #expect(call.status == 0, "\(call.errors)")
    return call.output
  }

  /// Runs a shell with a program of its own on standard input.
  private func run(_ shell: String, _ arguments: [String], _ program: String) throws -> CommandSite.Call {
    let folder = FileManager.default.temporaryDirectory.appending(path: "completion-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "script")
    try program.write(to: file, atomically: false, encoding: .utf8)
    let words = ([shell] + arguments).joined(separator: " ")
    return try RunningCommand(shell: "exec \(words) \(file.path)", [:]).result()
  }

  @Test(
    "the script of each shell is one that the shell can read",
    arguments: [("bash", ["-n"]), ("zsh", ["-n"]), ("fish", ["--no-execute"])].filter { isInstalled($0.0) })
  func syntax(shell: String, options: [String]) throws {
    let check = try run(shell, options, script(shell))
    #expect(check.status == 0)
    #expect(check.errors == "")
  }

  @Test(
    "bash completes commands, subcommands, options and their values",
    arguments: [
      ("expl", "explain"), ("policy uns", "unset"), ("plan --form", "--format"), ("plan --format c", "csv"),
      ("schedule sys", "systemd"),
    ])
  func completes(typed: String, offered: String) throws {
    let words = ["expireimage"] + typed.split(separator: " ").map(String.init)
    let program =
      try script("bash") + """

        COMP_WORDS=(\(words.joined(separator: " ")))
        COMP_CWORD=\(words.count - 1)
        COMP_LINE='\(words.joined(separator: " "))'
        COMP_POINT=${#COMP_LINE}
        function=$(complete -p expireimage | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        "$function" expireimage "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
        printf '%s\\n' "${COMPREPLY[@]}"
        """
    let call = try run("bash", [], program)
    #expect(call.output.split(whereSeparator: \.isWhitespace).contains { $0 == offered }, "\(call)")
  }
}
