import Foundation

/// What systemd hands to a service (`LoadCredential=`): files of the folder `$CREDENTIALS_DIRECTORY`, such as
/// `database.password` and `vcld.conf`. Without that variable it is the folder from which systemd takes the passwords, so
/// that a call by hand or by cron uses the same ones.
///
/// A file that holds nothing but an end of line is none: a unit has one where nothing is stored.
struct CredentialFolder {
  /// Where systemd says that the folder is, or the usual one; empty for none.
  let path: String
  private let isHandedOver: Bool

  /// - Parameter usual: The folder where the environment names none.
  init(_ environment: [String: String], usual: String?) {
    let variable = environment["CREDENTIALS_DIRECTORY"]
    path = variable ?? usual ?? ""
    isHandedOver = variable != nil
  }

  /// Whether it is the usual folder, and kept from this account.
  var isUnreadable: Bool {
    !isHandedOver && !path.isEmpty && LocalFile.exists(path) && !LocalFile.isFolder(path)
  }

  /// Files that have the name of a secret setting.
  var secrets: [(key: SettingKey, file: String)] {
    SettingKey.allCases.filter(\.definition.isSecret).compactMap { key in
      file(named: key.rawValue).map { (key, $0) }
    }
  }

  /// VCL's own file, which the account of a service usually may not read where it is.
  var managementNodeFile: String? {
    guard isHandedOver, let file = file(named: "vcld.conf"), let content = try? LocalFile.read(file) else {
      return nil
    }
    return content.allSatisfy { $0 == 10 } ? nil : file
  }

  private func file(named name: String) -> String? {
    let file = "\(path)/\(name)"
    return !path.isEmpty && !isUnreadable && LocalFile.exists(file) ? file : nil
  }
}
