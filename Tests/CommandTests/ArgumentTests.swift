import Foundation
import TestSupport
import Testing

@Suite("Arguments that are not UTF-8")
struct ArgumentTests {
  /// A command line for `sh`, in which `$w` is `a\xffb`; and what is told of it.
  static let calls = [
    ("image upload \"$w\" /source", "argument 3 (a\\xffb) is"),
    ("image upload x \"/srv/$w\"", "argument 4 (/srv/a\\xffb) is"),
    ("image upload \"$w\" \"$w\" --retries 3", "arguments 3 (a\\xffb), 4 (a\\xffb) are"),
    ("image cleanup \"$w\"", "argument 3 (a\\xffb) is"),
    ("image cleanup x --root \"$w\"", "argument 5 (a\\xffb) is"),
    ("root add x \"/$w\" --role cache --layout kvm", "argument 4 (/a\\xffb) is"),
    ("root add x /x --role cache --layout kvm --disks \"/$w\"", "argument 10 (/a\\xffb) is"),
    ("cache reclaim \"--path=/$w\" --bytes 1", "argument 3 (--path=/a\\xffb) is"),
    ("keep 1 --reason \"$w\"", "argument 4 (a\\xffb) is"),
    ("\"--config=/$w\" check", "argument 1 (--config=/a\\xffb) is"),
    ("\"$w\"", "argument 1 (a\\xffb) is"),
    ("image upload x \"$w\" --help", "argument 4 (a\\xffb) is"),
  ]

  private func call(_ arguments: String, _ environment: [String: String] = [:]) throws -> CommandSite.Call {
    try RunningCommand(
      shell: "w=$(printf 'a\\377b'); exec '\(try Executable.path)' \(arguments)", environment
    ).result()
  }

  @Test("are refused in one line that says which, before anything else is looked at", arguments: calls)
  func refused(_ arguments: String, _ words: String) throws {
    let call = try call(arguments)
    #expect(call.status == 64 && call.output.isEmpty)
    #expect(call.errorLines.count == 1, "\(call.errors)")
    #expect(call.errors.contains("\(words) not UTF-8"), "\(call.errors)")
  }

  @Test("and change nothing, while those of any language are taken")
  func taken() throws {
    let site = try CommandSite()
    let root = try TestRoot(site.connection)
    try root.write("source/disk", bytes: 10)
    let before = try site.checksums()
    #expect(try call("image upload \"$w\" '\(root.folder)/source'", site.environment).status == 64)
    #expect(try site.checksums() == before)
    let name = "Ünïcödé-\u{65E5}\u{672C}-\u{1F600}"
    let upload = try call("image upload '\(name)' '\(root.folder)/source'", site.environment)
    #expect(upload.status == 0, "\(upload.errors)")
    #expect(try root.names() == [name, name + "/disk"])
  }
}
