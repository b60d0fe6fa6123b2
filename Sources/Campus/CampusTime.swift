import Foundation

/// A time of the made-up campus: local, without a zone, whole seconds.
package struct CampusTime: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Seconds since 1970-01-01 00:00:00.
  package var seconds: Int

  package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0) {
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(month - 1)
    parts.tm_mday = Int32(day)
    parts.tm_hour = Int32(hour)
    parts.tm_min = Int32(minute)
    seconds = timegm(&parts)
  }

  package init(seconds: Int) {
    self.seconds = seconds
  }

  /// So many days, hours and minutes later; negative is earlier.
  package func later(days: Int = 0, hours: Int = 0, minutes: Int = 0) -> CampusTime {
    CampusTime(seconds: seconds + ((days * 24 + hours) * 60 + minutes) * 60)
  }

  /// 1 (January) to 12.
  package var month: Int { Int(parts.tm_mon) + 1 }

  /// `YYYY-MM-DD`.
  package var day: String { String(description.prefix(10)) }

  /// `YYYY-MM-DD HH:MM:SS`, as the database writes it.
  package var description: String {
    var parts = parts
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      strftime(buffer.baseAddress!, buffer.count, "%Y-%m-%d %H:%M:%S", &parts)
      return String(cString: buffer.baseAddress!)
    }
  }

  package static func < (left: CampusTime, right: CampusTime) -> Bool { left.seconds < right.seconds }

  private var parts: tm {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    return parts
  }
}
