import Foundation

/// What systemd hands to a service (`LoadCredential=`): files of the folder `$CREDENTIALS_DIRECTORY`, such as
/// `database.password` and `vcld.conf`.
///
/// A file that holds nothing but an end of line is none: a unit has one where nothing is stored.
struct CredentialFolder {
  /// Where systemd says that the folder is; empty for none.
  private let path: String

  init(_ environment: [String: String]) {
    path = environment["CREDENTIALS_DIRECTORY"] ?? ""
  }

  /// Files that have the name of a secret setting.
  var secrets: [(key: SettingKey, file: String)] {
    SettingKey.allCases.filter(\.definition.isSecret).compactMap { key in
      file(named: key.rawValue).map { (key, $0) }
    }
  }

  /// VCL's own file, which the account of a service usually may not read where it is.
  var managementNodeFile: String? {
    guard let file = file(named: "vcld.conf"), let content = try? LocalFile.read(file) else { return nil }
    return content.allSatisfy { $0 == 10 } ? nil : file
  }

  private func file(named name: String) -> String? {
    let file = "\(path)/\(name)"
    return !path.isEmpty && LocalFile.exists(file) ? file : nil
  }
}
