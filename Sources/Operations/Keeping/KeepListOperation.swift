import Mail
import MariaDB
import Retention
import VCLDatabase

/// Lists the keeps.
package struct KeepListOperation {
  let site: Site
  let options: CallOptions

  package init(_ site: Site, _ options: CallOptions = CallOptions()) {
    self.site = site
    self.options = options
  }

  /// - Parameter all: also those that are over.
  package func json(all: Bool) throws -> String {
    let (keeps, clock) = try read(all: all)
    return try JSONOutput.text(["keeps": keeps.map { $0.json(clock) }])
  }

  /// - Parameters:
  ///   - all: also those that are over.
  ///   - screen: what it is read on.
  package func table(all: Bool, on screen: Screen = .file) throws -> String {
    let (keeps, clock) = try read(all: all)
    guard !keeps.isEmpty else { return all ? "There is no keep." : "There is no keep in force." }
    return TextTable(
      header: ["ID", "Image", "Revision", "Owner"] + KeepRecord.columnNames,
      rows: keeps.map { keep in
        [
          String(keep.revisionID), HTMLEntities.decodedOnce(keep.image ?? ""),
          keep.number.map(String.init) ?? "", keep.owner?.description ?? "",
        ] + keep.columns(clock.today)
      }
    ).text(on: screen)
  }

  private func read(all: Bool) throws -> ([KeepRecord], Clock) {
    let connection = try site.connectReady()
    let clock = try Clock.read(connection, today: options.today)
    return (try Keeps.list(connection, today: clock.today, includingEnded: all), clock)
  }
}

extension KeepRecord {
  static let columnNames = ["Kept", "Origin", "By", "Set", "Reason"]

  func columns(_ today: Day) -> [String] {
    [
      isInForce(on: today) ? term : "ended on \(until.map { "\($0)" } ?? "")", origin, setBy,
      setAt.map { "\($0.day)" } ?? "", reason,
    ]
  }

  func json(_ clock: Clock) -> JSONValue {
    .object([
      "revision_id": .number(revisionID), "image": JSONValue(image.map(HTMLEntities.decodedOnce)),
      "revision": JSONValue(number), "owner": JSONValue(owner?.description),
      "until": JSONValue(until?.description), "origin": .text(origin), "reason": .text(reason),
      "set_by": .text(setBy), "set_at": JSONValue(clock.text(setAt)),
      "in_force": .truth(isInForce(on: clock.today)),
    ])
  }
}

extension Clock {
  /// A moment of the database as ISO 8601 has it.
  func text(_ moment: Moment?) -> String? {
    moment.map { Timestamp.text($0, offsetMinutes: utcOffsetMinutes) }
  }
}
