import Foundation

/// A certificate authority of a test's own, made with the program `openssl`.
package struct TestAuthority: Sendable {
  /// PEM files of a certificate and its key.
  package struct Certificate: Sendable {
    package let file: String
    package let keyFile: String
  }

  /// Why `openssl` made nothing, in its own words.
  package struct OpenSSLError: Error, CustomStringConvertible {
    package let description: String
  }

  private static let newKey = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
  private let folder: String
  private let certificate: Certificate

  /// The PEM file of the authority's own certificate.
  package var file: String { certificate.file }

  /// Makes an authority; its files go into the folder.
  package init(_ name: String, in folder: String) throws {
    self.folder = folder
    certificate = Certificate(file: "\(folder)/\(name).pem", keyFile: "\(folder)/\(name).key")
    try Self.run(
      "openssl req -x509 \(Self.newKey) -days 2 -keyout \(name).key -out \(name).pem -subj /CN=\(name)",
      in: folder)
  }

  /// Makes a server's certificate, signed by this authority.
  ///
  /// - Parameters:
  ///   - name: of its files.
  ///   - alternativeNames: whom it is for, as `IP:127.0.0.1,DNS:localhost`.
  ///   - isExpired: ended yesterday.
  package func certificate(
    _ name: String, for alternativeNames: String, isExpired: Bool = false
  ) throws -> Certificate {
    try Self.run(
      """
      openssl req \(Self.newKey) -keyout \(name).key -out \(name).csr -subj /CN=\(name)
      echo subjectAltName=\(alternativeNames) > \(name).names
      openssl x509 -req -in \(name).csr -CA \(certificate.file) -CAkey \(certificate.keyFile) -CAcreateserial \
        -days \(isExpired ? -1 : 2) -extfile \(name).names -out \(name).pem
      """, in: folder)
    return Certificate(file: "\(folder)/\(name).pem", keyFile: "\(folder)/\(name).key")
  }

  private static func run(_ script: String, in folder: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.currentDirectoryURL = URL(filePath: folder)
    process.arguments = ["-ec", script]
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let words = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw OpenSSLError(description: "\(script): \(String(decoding: words, as: UTF8.self))")
    }
  }
}
