import Foundation

/// Where the demonstration leaves its mails.
struct DemoFolder {
  let path: String
  var mails: String { path + "/mails" }
  var index: String { path + "/index.html" }

  /// - Throws: ``Failure`` when the folder cannot be made or holds something already.
  init(_ directory: String?) throws {
    guard let directory else {
      var template = Array(
        FileManager.default.temporaryDirectory.appending(path: "expireimage-demo-XXXXXX").path.utf8CString)
      guard mkdtemp(&template) != nil else {
        throw Failure(
          "cannot make a folder in \(FileManager.default.temporaryDirectory.path): \(String(cString: strerror(errno)));"
            + " name another with --directory", .failed)
      }
      path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      return
    }
    path = URL(filePath: directory).standardizedFileURL.path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      guard try FileManager.default.contentsOfDirectory(atPath: path).isEmpty else {
        throw Failure("the folder \(path) is not empty; name a new or an empty one with --directory", .failed)
      }
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(
        "cannot use the folder \(path): \(error.localizedDescription) name another with --directory", .failed)
    }
  }
}
