/// An iCalendar object as Debian's `icalendar` reads it.
package struct PythonCalendar: Decodable, Sendable {
  package struct Event: Decodable, Sendable {
    package let uid: String
    package let sequence: Int
    /// ISO 8601 with the offset.
    package let stamp: String
    package let start: String
    package let end: String
    package let summary: String
    package let description: String
    package let url: String?
    package let status: String
    package let transparency: String
    package let organizer: String
    package let organizerName: String?
    package let alarms: [Alarm]
    package let errors: [String]
  }

  /// What it does, and seconds after the beginning of the day.
  package struct Alarm: Decodable, Sendable, Equatable {
    package let action: String
    package let seconds: Double

    package init(action: String, seconds: Double) {
      self.action = action
      self.seconds = seconds
    }

    package init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      action = try values.decode(String.self)
      seconds = try values.decode(Double.self)
    }
  }

  package let product: String
  package let version: String
  package let method: String
  package let events: [Event]
  /// What the parser complains about.
  package let errors: [String]

  /// Parses calendars, in one Python process for all.
  package static func parse(_ texts: [String]) throws -> [PythonCalendar] {
    try PythonScript.run("parse_calendar.py", texts)
  }
}
