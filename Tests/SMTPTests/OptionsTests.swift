import SMTP
import Testing

@Suite("Settings of the mail server")
struct OptionsTests {
  @Test(
    "A URL is a scheme, a host and a port",
    arguments: [
      ("smtp://localhost", "smtp://localhost:25", true),
      ("smtp://mail.example.edu", "smtp://mail.example.edu:25", false),
      ("smtps://mail.example.edu", "smtps://mail.example.edu:465", false),
      ("smtp://127.0.0.2:2525/", "smtp://127.0.0.2:2525", true), ("smtp://[::1]:26", "smtp://[::1]:26", true),
      ("smtp://127.0.0.1.example.org", "smtp://127.0.0.1.example.org:25", false),
      ("smtp://[2001:db8::1]", "smtp://[2001:db8::1]:25", false),
    ])
  func urls(_ url: String, _ expected: String, _ isLoopback: Bool) throws {
    let options = try SMTPOptions(url: url)
    #expect(options.url == expected)
    #expect(options.isLoopback == isLoopback)
  }

  @Test(
    "Any other URL is refused with the key's name and without what stands in it",
    arguments: [
      "", "localhost", "http://localhost", "smtp://", "smtp://user:hunter2@mail.example.edu", "smtp://a b",
      "smtp://localhost:0", "smtp://localhost:65536", "smtp://localhost:x", "smtp://localhost/helo",
      "smtp://-a",
      "smtp://a..b", "smtp://x\r\ny", "smtp://[zz]", "smtp://localhost:25?x", "smtp://localhost:",
    ])
  func badURLs(_ url: String) {
    let error = #expect(throws: SMTPConfigurationError.self) { try SMTPOptions(url: url) }
    #expect(error?.description.hasPrefix("smtp.url ") == true)
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test("Contradictions are refused with the key to change, and never with the password")
  func contradictions() {
    func error(_ key: String, _ make: () throws -> SMTPOptions) {
      let error = #expect(throws: SMTPConfigurationError.self) { try make() }
      #expect(error?.description.contains(key) == true)
      #expect(error?.description.contains("hunter2") == false)
      #expect(error?.description.contains("\n") == false)
    }
    error("smtp.password is not") { try SMTPOptions(user: "vcl") }
    error("smtp.user is not") { try SMTPOptions(password: "hunter2") }
    error("smtp.tls is off") {
      try SMTPOptions(url: "smtp://mail.example.edu", user: "vcl", password: "hunter2", tls: .off)
    }
    error("smtp.tls is off") { try SMTPOptions(url: "smtps://mail.example.edu", tls: .off) }
    error("smtp.password contains") { try SMTPOptions(user: "vcl", password: "hunter2\n") }
    error("smtp.helo_name") { try SMTPOptions(heloName: "a b\r\nMAIL FROM:<x>") }
    error("smtp.ca_file") { try SMTPOptions(certificateAuthorityFile: "/nonexistent/ca.pem") }
    error("smtp.timeout_seconds") { try SMTPOptions(timeoutSeconds: 0) }
  }
}
