import SMTP
import Settings

/// Whether the mail server would take mail: its connection, its encryption and the login, without a mail.
enum MailServerCheck {
  /// A server that says nothing for so long is not waited for by a person.
  private static let timeoutSeconds = 30

  static func result(_ settings: MailServerSettings) throws -> CheckResult {
    let options = try Delivery.options(settings, timeoutSeconds: min(settings.timeoutSeconds, timeoutSeconds))
    let greeting = try SMTPSession(options).greet()
    if let problem = greeting.problem {
      let remedy =
        greeting.isAboutLogin ? "check smtp.user and its password" : "check smtp.url and that server"
      return CheckResult(
        .mailServer, .error, problem.contains("check smtp.") ? problem : "\(problem); \(remedy)")
    }
    let encryption = greeting.isEncrypted ? "encrypted" : "not encrypted"
    let login = greeting.isAuthenticated ? "logged in as \(options.user ?? "")" : "no login"
    let found = "\(options.url) answers, \(encryption), \(login)"
    if !greeting.isEncrypted, !options.isLoopback {
      return CheckResult(
        .mailServer, .warning, "\(found): mails cross the network in clear; set smtp.tls to required")
    }
    return CheckResult(.mailServer, .ok, found)
  }
}
