import Caches
import Foundation
import Mail
import Storage
import VCLDatabase

/// What can be told of a root, when it is added and later; nil: as it is.
package struct RootTerms: Sendable {
  /// A value, or none at all.
  package enum Bound<Value: Sendable>: Sendable {
    case none
    case value(Value)
  }

  package var limit: Bound<ByteCount>?
  package var timeToLive: Bound<TimeSpan>?
  package var stall: TimeSpan?
  package var priority: Int?
  package var isEnabled: Bool?
  package var disks: [String]?

  package init() {}

  package var isEmpty: Bool {
    limit == nil && timeToLive == nil && stall == nil && priority == nil && isEnabled == nil && disks == nil
  }

  /// Gives a root these terms.
  ///
  /// - Throws: ``Failure`` with a line for each that it cannot have.
  func apply(to record: inout RootRecord) throws {
    switch limit {
    case .value(let limit): record.limitBytes = limit.bytes
    case .some(.none): record.limitBytes = nil
    case nil: break
    }
    switch timeToLive {
    case .value(let span): record.timeToLiveSeconds = span.seconds
    case .some(.none): record.timeToLiveSeconds = nil
    case nil: break
    }
    if let stall { record.stallSeconds = stall.seconds }
    if let priority { record.priority = priority }
    if let isEnabled { record.isEnabled = isEnabled }
    if let disks { record.diskPaths = disks }
    let problems = try record.root().problems + record.further + tooLong(record.name)
    guard problems.isEmpty else { throw Failure(lines: problems, .failed) }
  }

  private func tooLong(_ name: String) -> [String] {
    var problems: [String] = []
    if case .value(let span) = timeToLive, span.seconds > TimeSpan.longest.seconds {
      problems.append(
        "the time to live of root \(name) is above \(TimeSpan.longest), a hundred years; leave it out, or take it away"
          + " with --no-ttl, where entries may stay for ever")
    }
    if let stall, stall.seconds > TimeSpan.longest.seconds {
      problems.append("the stall time of root \(name) is above \(TimeSpan.longest), a hundred years")
    }
    return problems
  }
}

extension RootRecord {
  /// For people; nil: for ever, or as good as that.
  var timeToLive: TimeSpan? {
    timeToLiveSeconds.flatMap { $0 > TimeSpan.longest.seconds ? nil : TimeSpan(seconds: $0) }
  }

  /// What the words of a record mean.
  ///
  /// - Throws: ``Failure`` for words of another version of the program.
  func root() throws -> Root {
    guard let role = RootRole(rawValue: role), let layout = Layout(rawValue: layout) else {
      throw Failure(
        "root \(name) is of role '\(role)' and layout '\(layout)', which this version does not know; run the newest version",
        .failed)
    }
    return Root(
      name: name, path: path, role: role, layout: layout, limitBytes: limitBytes,
      timeToLiveSeconds: timeToLiveSeconds, stallSeconds: stallSeconds, priority: priority,
      isEnabled: isEnabled)
  }

  /// What is wrong with the terms that ``Root`` does not know of.
  fileprivate var further: [String] {
    var problems: [String] = []
    if role == RootRole.repository.rawValue, limitBytes != nil || timeToLiveSeconds != nil {
      problems.append(
        "root \(name) is a repository, which has the only copies of its images: it takes no limit and no time to live"
      )
    }
    for path in diskPaths {
      if !path.hasPrefix("/") || path.unicodeScalars.contains(where: PlainLine.isControl) {
        problems.append(
          "the disks' path '\(PlainLine.of(path))' is no absolute path without control characters")
      } else if !isDirectory(path) {
        problems.append("\(path) is no directory; name those in which virtual disks lie")
      }
    }
    if path.utf8.count > 4095 { problems.append("the path of root \(name) is longer than 4095 bytes") }
    if priority > Int(UInt32.max) { problems.append("the priority of root \(name) is above \(UInt32.max)") }
    return problems
  }
}
