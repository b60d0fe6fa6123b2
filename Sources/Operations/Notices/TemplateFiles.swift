import Foundation
import Mail

/// A site's own templates of mails, in files of a folder.
struct TemplateFiles {
  /// Far more than any mail's layout needs.
  private static let largestBytes = 1 << 20

  /// The texts by the names of the files; none without a folder. Files that are no templates are left alone.
  ///
  /// - Throws: ``Failure`` that names the file: one that no mail uses, or that cannot be read.
  static func read(folder: String?) throws -> [String: String] {
    guard let folder else { return [:] }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw Failure(
        "\(folder): the folder of the mail templates cannot be read (\(reason(error))); correct its name or its"
          + " permissions", .configurationInvalid)
    }
    return try names.filter { $0.hasSuffix(".mustache") }.sorted().reduce(into: [:]) { texts, name in
      let path = "\(folder)/\(name)"
      guard MailTemplate(rawValue: name) != nil else {
        let known = MailTemplate.allCases.map(\.rawValue).joined(separator: ", ")
        throw Failure(
          "\(path): no mail has a template of that name; rename it to one of \(known)", .configurationInvalid)
      }
      texts[name] = try text(path)
    }
  }

  private static func text(_ path: String) throws -> String {
    let data: Data
    do {
      let file = try FileHandle(forReadingFrom: URL(filePath: path))
      defer { try? file.close() }
      data = try file.read(upToCount: largestBytes + 1) ?? Data()
    } catch {
      throw Failure(
        "\(path): the mail template cannot be read (\(reason(error))); correct its permissions",
        .configurationInvalid)
    }
    guard data.count <= largestBytes else {
      throw Failure("\(path): the mail template is larger than 1 MB; make it smaller", .configurationInvalid)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Failure("\(path): the mail template is not UTF-8; save it as UTF-8", .configurationInvalid)
    }
    return text
  }

  private static func reason(_ error: any Error) -> String {
    let error = error as NSError
    let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError
    return (underlying ?? error).localizedDescription
  }
}
