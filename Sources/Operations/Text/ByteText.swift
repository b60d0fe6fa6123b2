/// A number of bytes for people: `15 MiB`, `1.5 GiB`.
enum ByteText {
  private static let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]

  static func of(_ bytes: Int64) -> String {
    var unit = 0
    var size = Double(max(0, bytes))
    while size >= 1024, unit < units.count - 1 {
      size /= 1024
      unit += 1
    }
    // One place after the point where there are few; nothing is rounded up to what is not there.
    let tenths = Int(size * 10)
    let number = unit > 0 && size < 10 && tenths % 10 > 0 ? "\(tenths / 10).\(tenths % 10)" : "\(Int(size))"
    return "\(number) \(bytes == 1 ? "byte" : units[unit])"
  }

  static func of(_ bytes: Int) -> String { of(Int64(bytes)) }
}
