import Foundation

/// What the value of a setting must look like.
package enum SettingKind: Sendable, Equatable {
  case text
  case host
  case port
  /// A path from the root, because cron starts the program in another folder than a person does.
  case path
  /// A path from the root, of a file that can be read.
  case file
  /// A path from the root, of a file with at least one certificate in PEM form.
  case certificates
  /// A path from the root, of a folder that can be read.
  case folder
  case number(ClosedRange<Int>)
  /// One of some words.
  case choice([String])
  /// Text that is never shown.
  case secret
  case tls
  case mailServer
  case address
  case webAddress

  /// The allowed values, for people.
  package var allowed: String {
    switch self {
    case .text, .secret: "text"
    case .host: "host name or address"
    case .port: "1 to 65535"
    case .path: "path that starts with /"
    case .file: "readable file, path that starts with /"
    case .certificates: "readable PEM file, path that starts with /"
    case .folder: "readable folder, path that starts with /"
    case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .choice(let words): words.joined(separator: ", ")
    case .tls: TLSMode.allCases.map(\.rawValue).joined(separator: ", ")
    case .mailServer: "smtp://HOST:PORT or smtps://HOST:PORT"
    case .address: "one mail address, such as vcl@example.edu"
    case .webAddress: "web address, such as https://vcl.example.edu"
    }
  }

  /// Says what is wrong with a value that is not empty, in a few words that follow the key; `nil` if nothing.
  ///
  /// The words never repeat a secret, nor an address with a `@` in it that may hold a password.
  func problem(with value: String) -> String? {
    if value.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
      return "has a control character in it; remove it"
    }
    switch self {
    case .text, .secret: return nil
    case .host: return hostProblem(value)
    case .port:
      return (1...65535).contains(Int(value) ?? 0) ? nil : "is \(quoted(value)); allowed: \(allowed)"
    case .path, .file, .certificates:
      if !value.hasPrefix("/") { return "is \(quoted(value)); allowed: \(SettingKind.path.allowed)" }
      return self == .path ? nil : readingProblem(value)
    case .folder:
      if !value.hasPrefix("/") { return "is \(quoted(value)); allowed: \(SettingKind.path.allowed)" }
      return LocalFile.isFolder(value)
        ? nil
        : "is \(quoted(value)), which is no folder that can be read; correct the path or its permissions"
    case .number(let range):
      let isNumber = value.utf8.count < 10 && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
      return isNumber && range.contains(Int(value) ?? -1) ? nil : "is \(quoted(value)); allowed: \(allowed)"
    case .choice(let words):
      return words.contains(value) ? nil : "is \(quoted(value)); allowed: \(allowed)"
    case .tls:
      return TLSMode(rawValue: value) == nil ? "is \(quoted(value)); allowed: \(allowed)" : nil
    case .address:
      return isAddress(value) ? nil : "is \(quoted(value)); allowed: \(allowed)"
    case .mailServer, .webAddress: return locationProblem(value)
    }
  }

  private func hostProblem(_ value: String) -> String? {
    if value.hasPrefix("/") { return "is \(quoted(value)), a path; put it in database.socket" }
    let parts = value.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 2, Int(parts[1]) != nil {
      return "is \(quoted(value)); put the port in database.port"
    }
    let isPlain = value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_:".contains($0)) }
    return isPlain && parts.count != 2 ? nil : "is \(quoted(value)); allowed: \(allowed)"
  }

  private func readingProblem(_ path: String) -> String? {
    if let obstacle = LocalFile.obstacle(to: path) {
      return "is \(quoted(path)), which cannot be read: \(obstacle); correct the path or its permissions"
    }
    guard self == .certificates else { return nil }
    let content = (try? LocalFile.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let isPEM = content.contains("-----BEGIN ") && content.contains("CERTIFICATE-----")
    return isPEM ? nil : "is \(quoted(path)), which holds no certificate in PEM form; correct the path"
  }

  private func isAddress(_ value: String) -> Bool {
    let parts = value.split(separator: "@", omittingEmptySubsequences: false)
    let isPlain = value.allSatisfy { $0.isASCII && !$0.isWhitespace && !"<>()[],;:\\\"".contains($0) }
    return isPlain && parts.count == 2
      && parts.allSatisfy { part in
        !part.isEmpty && !part.hasPrefix(".") && !part.hasSuffix(".") && !part.contains("..")
      }
  }

  private func locationProblem(_ value: String) -> String? {
    if value.contains("@") {
      return self == .mailServer
        ? "has a user in it; put it in smtp.user, and the password in smtp.password_file"
        : "has a user in it; allowed: \(allowed)"
    }
    let schemes = self == .mailServer ? ["smtp", "smtps"] : ["http", "https"]
    guard let parts = URLComponents(string: value), let scheme = parts.scheme?.lowercased(),
      schemes.contains(scheme), parts.host?.isEmpty == false,
      parts.port.map({ (1...65535).contains($0) }) ?? true
    else { return "is \(quoted(value)); allowed: \(allowed)" }
    if self == .mailServer, !["", "/"].contains(parts.path) || parts.query != nil || parts.fragment != nil {
      return "is \(quoted(value)), with something after the port; allowed: \(allowed)"
    }
    return nil
  }
}

/// How a connection is encrypted.
package enum TLSMode: String, CaseIterable, Sendable {
  /// Required where the connection leaves this machine.
  case automatic
  /// With a verified certificate, or no connection.
  case required
  case off
}
