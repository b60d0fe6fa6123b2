import Foundation
import Testing

@testable import Settings

/// MariaDB's own program `my_print_defaults` says what a file means.
@Suite("MariaDB's option files") struct OptionFileTests {
  /// What `my_print_defaults` prints for our groups, and its exit status.
  static func printed(_ arguments: [String], _ environment: [String: String] = [:]) throws -> (
    Int32, [String]
  ) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["my_print_defaults"] + arguments + OptionFiles.groups
    process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    // Values may hold line ends, so lines are joined again to what begins with an option.
    return (process.terminationStatus, text.split(separator: "\n--").map { String($0.trimmingPrefix("--")) })
  }

  /// What we take from files, as `my_print_defaults` would print it.
  static func read(_ paths: [String], suffix: String = "") throws -> [String] {
    let text = try OptionFiles(paths, groupSuffix: suffix).options.map { option in
      "--\(option.name)" + (option.value.map { "=\($0)" } ?? "") + "\n"
    }.joined()
    return text.split(separator: "\n--").map { String($0.trimmingPrefix("--")) }
  }

  static let files = [
    "[client]\nuser=a\nhost = b\n", "[client]\nuser=a b # c\n", "[client]\npassword=\"p#1 x\" # c\n",
    "[client]\npassword='p#1 x'\n", "[client]\npassword=p#1 x\n", "[client]\npassword=\"a\\\"b\" # c\"\n",
    "[client]\npassword=\"a\\\\\"b\" # c\n", "[client]\npassword=a\\\"#b\n",
    "[client]\npassword=a\\sb\\nc\\td\\\\e\\\"f\\'g\\bh\\ri\\qj\\\n", "[client]\npassword=\"half\n",
    "[client]\npassword=\"x\" y\"\n", "[client]\npassword=\"\n", "[client]\npassword=\"\"\n",
    "[client]\npassword=''x''\n", "[client]\npassword = \" x \"\n", "[client]\npassword\nskip-ssl\nssl\n",
    "[client]\npassword=\nhost= \n; c\n;x\n  # d\nuser;=x\n",
    "[client]\nloose-host=h\nloose_port=3\nssl_ca=/x\n",
    "[ client ]\nuser=a\n", "[client ]\nuser=a\n", "[client] # c\nuser=a\n", "[CLIENT]\nuser=a\nUSER=b\n",
    "[client]\r\nuser=a\r\nhost = h \r\n\r\n", "[client]\n= x\nuser=u\n==\n=\n",
    "[client]\n!foo bar\n!\n!includex /x\nuser=u\n", "[client]\n!include /nowhere.cnf\nuser=u\n",
    "[mysql]\nuser=a\n[expireimage]\nuser=b\n[client-server]\nport=1\n[client-mariadb]\nport=2\n[mysqld]\nport=3\n",
    "[expireimage]\nuser=first\n[client]\nuser=second\n", "[client]\npassword=a;b\npassword=a\\#b\n",
    "[client]\nuser=é\nhost=a=b\n\tport\t=\t1\t\n", "[client]\n[]\nuser=a\n", "", "\n\n", "# only\n",
    "[client]\nuser=\\\\\nhost=\\\n", "[client]\nuser='a' 'b'\n", "[client]\nuser=it's # c\nhost=h # d'\n",
  ]

  @Test("are read as MariaDB's programs read them", arguments: files)
  func sameAsMariaDB(content: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("my.cnf", content)
    let (status, lines) = try Self.printed(["--defaults-file=\(path)"])
    #expect(status == 0)
    #expect(try Self.read([path]) == lines)
  }

  @Test(
    "are read as MariaDB's programs read them, whatever stands in a line",
    arguments: 1...40 as ClosedRange<UInt64>)
  func randomLines(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let parts = [
      "a", "b c", "\"", "'", "\\", "#", ";", "=", " ", "\t", "\\s", "\\\"", "\\'", "\\n", "x", "-", "_", "é",
      "]", "[", "\r",
    ]
    let lines = (0..<60).map { _ in
      "o" + (0..<next(9)).map { _ in parts[next(parts.count)] }.joined()
    }
    let path = try folder.write("my.cnf", "[client]\n" + lines.joined(separator: "\n") + "\n")
    let (status, expected) = try Self.printed(["--defaults-file=\(path)"])
    #expect(status == 0)
    #expect(try Self.read([path]) == expected)
  }

  @Test(
    "what stops MariaDB's programs is an error with its line",
    arguments: [
      ("user=a\n[client]\n", "1: has an option before any group; write [client] above it"),
      ("\u{FEFF}[client]\nuser=a\n", "1: has an option before any group; write [client] above it"),
      ("[client]\n[mysqld\nuser=a\n", "2: is a group without its ']'; correct the line"),
      ("[client]\n!includedir\n", "2: is a '!includedir' without a path; correct the line"),
      ("!include\n", "1: is a '!include' without a path; correct the line"),
      (
        "!includedir /nowhere/x\n", "1: includes '/nowhere/x', a folder that cannot be read; correct the path"
      ),
    ])
  func errors(content: String, error: String) throws {
    let folder = try TemporaryFolder()
    #expect(try folder.error(nil, options: content) == "file FOLDER/my.cnf line \(error)")
    #expect(try Self.printed(["--defaults-file=\(folder.path)/my.cnf"]).0 != 0)
  }

  @Test("a file that includes itself is an error")
  func endlessInclude() throws {
    #expect(
      try TemporaryFolder().error(nil, options: "!include FOLDER/my.cnf\n")
        == "file FOLDER/my.cnf line 1: includes a file in a file for the eleventh time; does one include itself?"
    )
  }

  @Test("include files and folders where they stand, in the order of their names")
  func includes() throws {
    let folder = try TemporaryFolder()
    let inner = folder.path + "/conf.d"
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    _ = try folder.write("conf.d/b.cnf", "[client]\nuser=b\n")
    _ = try folder.write("conf.d/B.cnf", "[client]\nuser=B\n")
    _ = try folder.write("conf.d/a.b.cnf", "[client]\nhost=a\n[mysqld]\n")
    _ = try folder.write("conf.d/.cnf", "[client]\nport=1\n")
    for name in ["c.txt", "d.CNF", "e", "f.cnf~"] {
      _ = try folder.write("conf.d/" + name, "[client]\nuser=no\n")
    }
    _ = try folder.write("one.cnf", "[client]\nsocket=/one\n")
    let open = try folder.write("open.cnf", "[client]\nsocket=/open\n", mode: 0o666)
    let path = try folder.write(
      "my.cnf",
      """
      [client]
      database=before
      !includedir \(inner)
      ! include \(folder.path)/one.cnf
      !include \(folder.path)/one.cnf # comment
      !include \(open)
      !include \(inner)
      database=after
      """)
    #expect(try Self.read([path]) == Self.printed(["--defaults-file=\(path)"]).1)
    let files = try OptionFiles([path])
    #expect(files.options.map(\.name) == ["database", "port", "user", "host", "user", "socket", "database"])
    #expect(
      files.files.map { "\($0.path) \($0.state)".replacing(folder.path, with: "F") } == [
        "F/my.cnf read", "F/conf.d/.cnf read", "F/conf.d/B.cnf read", "F/conf.d/a.b.cnf read",
        "F/conf.d/b.cnf read", "F/one.cnf read", "F/one.cnf # comment not there",
        "F/open.cnf not read: every account can change it", "F/conf.d not read: Is a directory",
      ])
    #expect(
      files.warnings == [
        "file \(open) is not read, because every account can change it; run chmod o-w \(open)",
        "file \(path) line 7: includes '\(inner)', which cannot be read: Is a directory; correct its permissions",
      ])
  }

  @Test("are looked for where the client mariadb looks, in its order")
  func places() throws {
    let folder = try TemporaryFolder()
    for name in ["home", "node"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
    }
    _ = try folder.write("home/.my.cnf", "[client]\nuser=home\n[clientX]\nuser=home suffix\n")
    _ = try folder.write("node/my.cnf", "[client]\nuser=node\n[expireimageX]\nuser=node suffix\n")
    let (home, node) = (folder.path + "/home", folder.path + "/node")
    for environment in [
      ["HOME": home], ["HOME": home, "MYSQL_HOME": node], ["HOME": home, "MARIADB_HOME": node],
      ["MYSQL_HOME": "/nowhere", "MARIADB_HOME": node], ["MYSQL_HOME": node], [:],
      ["HOME": home, "MYSQL_HOME": node, "MYSQL_GROUP_SUFFIX": "X"],
      ["HOME": home, "MYSQL_HOME": node, "MARIADB_GROUP_SUFFIX": "X", "MYSQL_GROUP_SUFFIX": "Y"],
    ] {
      let suffix = environment["MARIADB_GROUP_SUFFIX"] ?? environment["MYSQL_GROUP_SUFFIX"] ?? ""
      let paths = SettingFiles.system.optionFiles(environment)
      #expect(try Self.read(paths, suffix: suffix) == Self.printed([], environment).1, "\(environment)")
    }
  }

  @Test("EXPIREIMAGE_OPTION_FILE names the one to read, which must be there, or none")
  func variable() throws {
    let folder = try TemporaryFolder()
    let other = try folder.write("other.cnf", "[client]\nuser=other\n")
    func user(_ variable: String) throws -> String? {
      try folder.load(nil, ["EXPIREIMAGE_OPTION_FILE": variable], options: "[client]\nuser=usual\n").database
        .user
    }
    #expect(try user(other) == "other")
    #expect(try user("") == nil)
    #expect(
      try folder.error(nil, ["EXPIREIMAGE_OPTION_FILE": "FOLDER/none"])
        == "file FOLDER/none: cannot be read: No such file or directory; correct EXPIREIMAGE_OPTION_FILE")
  }
}
