/// The files of this machine that are read where nothing names others.
package struct SettingFiles: Sendable {
  /// Of these the first that exists.
  package var configuration: [String]
  /// VCL's own.
  package var managementNode: [String]
  /// MariaDB's for the whole machine, in the order in which they are read.
  package var options: [String]

  package init(configuration: [String] = [], managementNode: [String] = [], options: [String] = []) {
    self.configuration = configuration
    self.managementNode = managementNode
    self.options = options
  }

  /// Those of Debian.
  package static let system = SettingFiles(
    configuration: ["/etc/expireimage/expireimage.conf", "/etc/vcl/expireimage.conf"],
    managementNode: ["/etc/vcl/vcld.conf"], options: ["/etc/my.cnf", "/etc/mysql/my.cnf"])

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
