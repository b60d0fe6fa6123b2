/// The files of this machine that are read where nothing names others.
package struct SettingFiles: Sendable {
  /// Of these the first that exists.
  package var configuration: [String]
  /// VCL's own.
  package var managementNode: [String]
  /// MariaDB's for the whole machine, in the order in which they are read.
  package var options: [String]
  /// The folder of the passwords that systemd hands to the services; `nil` for none.
  package var credentials: String?

  package init(
    configuration: [String] = [], managementNode: [String] = [], options: [String] = [],
    credentials: String? = nil
  ) {
    self.configuration = configuration
    self.managementNode = managementNode
    self.options = options
    self.credentials = credentials
  }

  /// Those of Debian.
  package static let system = SettingFiles(
    configuration: ["/etc/expireimage/expireimage.conf", "/etc/vcl/expireimage.conf"],
    managementNode: ["/etc/vcl/vcld.conf"], options: ["/etc/my.cnf", "/etc/mysql/my.cnf"],
    credentials: "/etc/expireimage/credentials")

  /// Nothing of this machine's.
  package static let none = SettingFiles()

  /// MariaDB's option files in their order: an empty variable names none, as the client `mariadb` has it.
  func optionFiles(_ environment: [String: String]) -> [String] {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    return options
      + [
        value("MARIADB_HOME", "MYSQL_HOME").map { "\($0)/my.cnf" }, value("HOME").map { "\($0)/.my.cnf" },
      ].compactMap { $0 }
  }
}
