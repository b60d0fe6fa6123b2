/// A configuration file to begin with: every setting with its sentence and its default, commented out.
package enum ExampleFile {
  package static let text =
    """
    # expireimage.conf: what connects this machine. `expireimage config` shows every setting with its source.
    # One `key = value` a line, a comment on its own line. The file is for administrators and the account of the
    # nightly run; passwords for its services are better kept in /etc/expireimage/credentials, see the README.


    """ + SettingKey.allCases.map(entry).joined(separator: "\n")

  private static func entry(_ key: SettingKey) -> String {
    let definition = key.definition
    let values = definition.kind == .text || definition.isSecret ? "" : " Values: \(definition.kind.allowed)."
    return """
      # \(definition.sentence.replacing("`", with: ""))\(values)
      #\(key.rawValue) = \(definition.defaultValue ?? "")

      """
  }
}
