import Foundation
import Operations

/// What the terminal at a standard stream can show.
extension Output {
  /// Where the result goes.
  static var screen: Screen {
    isRead ? Screen(width: columns, isColored: showsColors) : .file
  }

  /// Where complaints and warnings go, which are never broken into lines.
  static var errorScreen: Screen { Screen(width: nil, isColored: isTerminal && showsColors) }

  /// `NO_COLOR` with any value wants none (no-color.org).
  private static var showsColors: Bool {
    isTerminalCapable && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
  }

  /// Whether the terminal does more than show text: one of type `dumb`, or of none, does not.
  static var isTerminalCapable: Bool {
    let type = ProcessInfo.processInfo.environment["TERM"] ?? ""
    return !type.isEmpty && type != "dumb"
  }

  /// What `COLUMNS` says, else the terminal, else what terminals have always had.
  private static var columns: Int {
    if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 {
      return columns
    }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
